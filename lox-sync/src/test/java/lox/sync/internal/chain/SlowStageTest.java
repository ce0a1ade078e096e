package lox.sync.internal.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.pool.LanePool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A later function whose tasks turn slow when many ranges lie in its queue already: a range is then more than a lane
 * should take at once. Nothing here is measured in time, but in tasks that had their turn meanwhile.
 */
@Tag("race")
class SlowStageTest extends Chains {
    private static final int ITEMS = 2_000;
    private static final int HELD = -2;

    private volatile CountDownLatch scattered = new CountDownLatch(0);
    private final AtomicInteger started = new AtomicInteger();

    /** Two milliseconds each, but for those that warm the chain up. */
    private Integer slow(Integer item) {
        if (item >= 0) {
            started.incrementAndGet();
            LockSupport.parkNanos(2_000_000);
        }
        return item;
    }

    /** In the second function: holds it up until all is in its queue, for less time than the watch takes to find it stuck. */
    private Integer hold(Integer item) throws InterruptedException {
        return item == HELD ? block(scattered, item) : slow(item);
    }

    /** Scatters all, and leaves the second function no time to see what is coming. */
    private void scatterAll(Dispatcher<Integer, Integer> chain) {
        scattered = new CountDownLatch(1);
        chain.scatter(HELD);
        IntStream.range(0, ITEMS).forEach(chain::scatter);
        scattered.countDown();
    }

    @Test
    void shouldStartTasksInOrder() {
        AtomicIntegerArray turns = new AtomicIntegerArray(ITEMS);
        Dispatcher<Integer, Integer> chain =
                Dispatchers.chain(function(pool("one", 1), i -> i), function(pool("two", 20), i -> {
                    if (i >= 0) {
                        turns.set(i, started.get());
                    }
                    return hold(i);
                }));
        long[] overtaken = new long[5];
        for (int round = 0; round < overtaken.length; round++) {
            warmUp(chain);
            started.set(0);
            scatterAll(chain);
            assertThat(gather(chain)).hasSize(ITEMS + 1);
            // Two runs, and what was under way. A thread that is suspended between its claim and its first line is
            // overtaken by any number; if a lane kept the whole of its run, more than a fifth of the items would be.
            overtaken[round] = IntStream.range(0, ITEMS)
                    .filter(i -> turns.get(i) - i >= 600)
                    .count();
        }
        Arrays.sort(overtaken); // in some rounds, a thread may be suspended with a range that nobody sees yet
        assertThat(overtaken[2]).isLessThan(ITEMS / 10);
    }

    @Test
    void shouldMakeRoomForAnotherFunctionInTheMiddleOfASpan() {
        LanePool shared = pool("shared", 1);
        Dispatcher<Integer, Integer> chain =
                Dispatchers.chain(function(pool("one", 1), i -> i), function(shared, this::hold));
        Dispatcher<Integer, Integer> other = function(shared, i -> i);
        warmUp(chain);
        scatterAll(chain);
        Batch batch = Objects.requireNonNull(chain.gather(null).batch());
        await(() -> started.get() > 300, "the run to be over in which the tasks turned slow");

        int[] meanwhile = new int[51];
        for (int round = 0; round < meanwhile.length; round++) {
            int before = started.get();
            other.scatter(1);
            assertThat(gather(other)).containsExactly(1);
            meanwhile[round] = started.get() - before;
        }
        Arrays.sort(meanwhile); // this thread may be suspended in some rounds
        assertThat(meanwhile[25]).isLessThan(60);
        batch.cancel("enough");
    }

    @Test
    void shouldLetAHelperGoWhoseOwnTaskIsCancelled() {
        LanePool shared = pool("shared", 1);
        Dispatcher<Integer, Integer> chain =
                Dispatchers.chain(function(pool("one", 1), i -> i), function(shared, this::hold));
        CountDownLatch helping = new CountDownLatch(1);
        CompletableFuture<Integer> back = new CompletableFuture<>();
        Dispatcher<Integer, Integer> outer = function(shared, i -> {
            chain.scatter(-1);
            helping.countDown();
            try {
                chain.await(chain.gather(null));
            } catch (Throwable cancelled) {
                back.complete(started.get());
            }
            return i;
        });
        warmUp(chain);
        scatterAll(chain);
        Batch batch = Objects.requireNonNull(chain.gather(null).batch());
        outer.scatter(1);
        Batch own = Objects.requireNonNull(outer.gather(null).batch());
        await(() -> helping.getCount() == 0, "the outer task to begin");
        int before = started.get();
        await(() -> started.get() > before + 3, "it, or another, to work for the chain");

        own.cancel("nobody wants it");
        int atTheEnd = started.get(); // afterwards: this thread may be suspended on its way to the cancel

        await(back::isDone, "the outer task to come back");
        assertThat(back.join() - atTheEnd)
                .isLessThan(200); // a few, and those of 0.4 s in which the helper may be suspended
        batch.cancel("enough");
    }
}
