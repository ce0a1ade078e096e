package lox.sync.internal.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.EngineDialect;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.pool.LanePool;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Items that are handed on while the lanes of the next function come and go. One that nobody notices hangs. */
@Tag("race")
class RangeCoalescerRaceTest {
    /** So many short tasks have the lanes go in runs. */
    private static final int SHORT = 1_000;

    private static final int HOLD = -1;
    private static final int LAST = -2;
    private static final int STUCK = -3;
    private final RuntimeException endsHere = new RuntimeException("ends here", null, false, false) {
        private static final long serialVersionUID = 1;
    };

    private volatile boolean scattered;
    private volatile CountDownLatch arrived = new CountDownLatch(0);

    private Integer first(int item) throws InterruptedException {
        if (item == LAST) {
            return item;
        }
        if (item == HOLD) { // until there are two to claim, so that the next run has both
            while (!scattered) {
                Thread.onSpinWait();
            }
        } else if (item == STUCK && !arrived.await(Patience.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the item before it in the same run has not moved on");
        }
        throw endsHere;
    }

    private Integer second(int item) {
        arrived.countDown();
        return item;
    }

    @Test
    void shouldMoveAnItemOnThoughTheNextOfItsRunIsStuck() {
        try (Workers one = Workers.threads(1).build();
                Workers other = Workers.threads(1).build()) {
            for (int round = 0; round < 300; round++) { // each with a next function that has had nothing to do yet
                Scatter<Integer, Integer> chain = Lox.on(one, this::first).andThen(Lox.on(other, this::second));
                scattered = false;
                arrived = new CountDownLatch(1);
                IntStream.range(0, SHORT).forEach(chain::scatter);
                List.of(HOLD, LAST, STUCK).forEach(chain::scatter);
                scattered = true;
                List<Outcome<Integer>> outcomes = chain.gatherSettled();
                assertThat(outcomes).element(SHORT + 1).isEqualTo(new Outcome.Success<>(SHORT + 1, LAST));
                assertThat(outcomes).last().isEqualTo(new Outcome.Failure<>(SHORT + 2, endsHere));
            }
        }
    }

    /** A task that comes back from a worker process that crashed is put into the queue again, by nobody's hand-over. */
    @Test
    void shouldBeginANewQueueAlsoAfterAnItemThatIsPutBack() {
        LanePool pool = new LanePool("stage", 1, Integer.MAX_VALUE, Runnable::run, () -> {});
        Dispatcher<Integer, Integer> one = Dispatchers.of(i -> i, pool, new EngineDialect());
        Dispatcher<Integer, Integer> chain =
                Dispatchers.chain(one, Dispatchers.of((Integer i) -> i, pool, new EngineDialect()));
        Stage next = (Stage) Objects.requireNonNull(chain.next());
        Batch queue = next.batches().open();
        for (int i = 0; i < Stage.QUEUE - 1; i++) {
            queue.reserve();
        }

        Batch home = chain.batches().open();
        next.putBack(home, home.slots().chunkForStore(0), 0, "put back");

        assertThat(queue.isSealed()).isTrue();
        assertThat(next.batches().open()).isNotSameAs(queue);
    }

    @Test
    void shouldNotLoseAnItemToALaneThatLeaves() {
        try (Workers one = Workers.threads(2).build();
                Workers other = Workers.threads(2).build()) {
            Scatter<Integer, Integer> chain = Lox.on(one, (Integer i) -> i).andThen(Lox.on(other, i -> i));
            for (int round = 0; round < 30_000; round++) {
                int items = 1 + round % 3;
                IntStream.range(0, items).forEach(chain::scatter);
                assertThat(chain.gather()).hasSize(items);
            }
        }
    }

    @Test
    void shouldRefuseOrKeepWhatComesWhileTheNextWorkersClose() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, refused) -> {}); // all but the first: nobody can receive them
        try {
            closeInTheMiddle();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private static void closeInTheMiddle() {
        for (int round = 0; round < 2_000; round++) {
            try (Workers one = Workers.threads(2).build();
                    Workers other = Workers.threads(2).build()) {
                Scatter<Integer, Integer> chain = Lox.on(one, (Integer i) -> i).andThen(Lox.on(other, i -> i));
                IntStream.range(0, 1 + round % 200).forEach(chain::scatter);
                Thread closing = new Thread(other::close);
                closing.start();
                Throwable failure = failureOf(chain); // ends, one way or another
                assertThat(failure == null || failure instanceof RejectedExecutionException || isCancelled(failure))
                        .describedAs("%s", failure)
                        .isTrue();
                join(closing);
            }
        }
    }

    private static @Nullable Throwable failureOf(Scatter<Integer, Integer> chain) {
        try {
            chain.gather();
            return null;
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    private static boolean isCancelled(Throwable failure) {
        return failure instanceof CancellationException;
    }

    private static void join(Thread thread) {
        try {
            thread.join(Patience.LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
