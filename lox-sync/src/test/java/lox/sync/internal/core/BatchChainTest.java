package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.map.ElementBuffer;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.map.MapSegment;
import lox.sync.internal.pool.LanePool;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An iterator that stands still plays the part of a link in the old generation: both are alive, whatever a collection
 * does. Although the pool runs a lane in the caller's thread, tasks may end in another one: on a slow machine the stall
 * watch finds the lane standing still and starts the next one elsewhere. What follows a task is therefore awaited.
 */
class BatchChainTest {
    private static final int ROUNDS = 20;
    private static final Duration LONG = Patience.LIMIT;

    private final ReferenceQueue<Batch> collected = new ReferenceQueue<>();
    private final List<WeakReference<Batch>> watched = new ArrayList<>(); // or they would be collected themselves
    private final LanePool pool = new LanePool("chain", 1, Integer.MAX_VALUE, Runnable::run, () -> {});
    private final Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(i -> i, pool, new EngineDialect());

    @Test
    void shouldNotKeepTheBatchesThatCameAfterOneThatIsKept() throws InterruptedException {
        Iterator<Batch> standing = dispatcher.batches().iterator();
        dispatcher.scatter(0);
        dispatcher.gather(null);

        for (int i = 0; i < ROUNDS; i++) {
            watched.add(new WeakReference<>(dispatcher.batches().open(), collected));
            dispatcher.scatter(i);
            dispatcher.gather(null);
        }

        awaitCollected(ROUNDS);
        awaitFrontAtTheEnd(dispatcher.batches());
        assertThat(standing.next()).isNotSameAs(dispatcher.batches().open());
        assertThat(standing.next())
                .as("goes on at the front")
                .isSameAs(dispatcher.batches().open());
        assertThat(standing.hasNext()).isFalse();
    }

    @Test
    void shouldKeepWhatAFollowerHasNotPassedAndNothingElse() throws InterruptedException {
        ElementBuffer<Integer, Integer> map = new ElementBuffer<>(dispatcher, MapOptions.inOrder(1), null, new Deaf());
        Iterator<Batch> standing = map.batches().iterator();
        int legCount = 5;
        for (int segment = 0; segment < legCount; segment++) {
            IntStream.range(segment * MapSegment.SIZE, (segment + 1) * MapSegment.SIZE)
                    .forEach(map::offer);
            watched.add(new WeakReference<>(map.batches().open(), collected));
        }
        map.offer(legCount * MapSegment.SIZE);
        awaitFrontAtTheEnd(map.batches());

        for (int i = 0; i <= legCount * MapSegment.SIZE; i++) {
            Patience.until("element " + i + " is ready", map.taker()::isReady);
            assertThat(map.taker().poll()).as("whatever the front has let go").isEqualTo(i);
        }

        awaitCollected(legCount - 1); // the iterator stands at the first one
        standing.next();
        assertThat(standing.next()).isSameAs(map.batches().open());
    }

    /** A task's result can be taken before the task is counted, and so before its batch is over. */
    @Test
    void shouldLeaveToTheFrontWhatAFollowerPassesFirst() {
        BatchChain chain = new BatchChain(before -> new Batch(dispatcher.owner(), 8));
        BatchChain.Cursor follower = chain.new Cursor();
        Batch first = chain.open();
        chain.moveOn(first);

        assertThat(follower.moveOn()).isTrue();

        assertThat(chain.front()).isSameAs(first);
        assertThat(chain).containsExactly(first, follower.batch());
        first.close();
        assertThat(chain.front()).isSameAs(follower.batch()).isSameAs(chain.open());
    }

    @Test
    void shouldNotBeMovedBackByOneWhoComesLate() {
        BatchChain chain = dispatcher.batches();
        for (int i = 0; i < ROUNDS; i++) {
            Batch before = chain.open();
            dispatcher.scatter(i);
            dispatcher.gather(null);
            awaitFrontAtTheEnd(chain);
            assertThat(chain.open()).isNotSameAs(before);
            chain.moveOn(before); // late, when its link is out of the chain
            assertThat(chain.front()).isSameAs(chain.open());
        }
    }

    @Tag("race")
    @Test
    void shouldLetOthersWalkWhileItMoves() {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> walkers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Runnable walk = () -> {
                while (!over.get()) {
                    int length = 0;
                    for (Batch batch : dispatcher.batches()) {
                        assertThat(batch).isNotNull();
                        length++;
                    }
                    assertThat(length).isPositive();
                }
            };
            // Each in a thread of its own: the common pool may have one for both.
            walkers.add(CompletableFuture.runAsync(walk, task -> new Thread(task).start()));
        }
        try {
            for (int i = 0; i < 20_000; i++) {
                dispatcher.scatter(i);
                if (i % 3 == 0) {
                    dispatcher.gather(null);
                }
            }
        } finally {
            over.set(true);
        }
        assertThat(walkers).allSatisfy(walker -> assertThat(walker).succeedsWithin(LONG));
        dispatcher.cancelAll("the end");
    }

    private static void awaitFrontAtTheEnd(BatchChain chain) {
        Patience.until("lanes are done", () -> chain.front() == chain.open());
    }

    private void awaitCollected(int expected) throws InterruptedException {
        long start = System.nanoTime();
        int count = 0;
        while (count < expected) {
            System.gc();
            if (collected.remove(50) != null) {
                count++;
            } else {
                assertThat(System.nanoTime() - start)
                        .as("%d of %d batches were collected", count, expected)
                        .isLessThan(LONG.toNanos());
            }
        }
    }

    /** Listens to nothing. */
    private static final class Deaf implements ElementBuffer.Listener {
        @Override
        public void settled() {}

        @Override
        public void stopped() {}

        @Override
        public void discarded(@Nullable Object value) {}

        @Override
        public void dropped(Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
