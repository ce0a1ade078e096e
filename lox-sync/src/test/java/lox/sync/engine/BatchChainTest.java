package lox.sync.engine;

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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An iterator that stands still plays the part of a link in the old generation: both are alive, whatever a collection does. */
class BatchChainTest {
    private static final int ROUNDS = 20;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ReferenceQueue<Batch> collected = new ReferenceQueue<>();
    private final List<WeakReference<Batch>> watched = new ArrayList<>(); // or they would be collected themselves
    private final LanePool pool = new LanePool("chain", 1, Integer.MAX_VALUE, Runnable::run, () -> {});
    private final Dispatcher<Integer, Integer> dispatcher = new Dispatcher<>(i -> i, pool, pool, new EngineDialect());

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
        assertThat(standing.next()).isNotSameAs(dispatcher.batches().open());
        assertThat(standing.next())
                .as("goes on at the front")
                .isSameAs(dispatcher.batches().open());
        assertThat(standing.hasNext()).isFalse();
    }

    @Test
    void shouldKeepWhatAFollowerHasNotPassedAndNothingElse() throws InterruptedException {
        Passage<Integer, Integer> passage = new Passage<>(dispatcher, false, null, new Deaf());
        Iterator<Batch> standing = passage.legs().iterator();
        int legCount = 5;
        for (int leg = 0; leg < legCount; leg++) {
            IntStream.range(leg * Leg.SIZE, (leg + 1) * Leg.SIZE).forEach(passage::offer);
            watched.add(new WeakReference<>(passage.legs().open(), collected));
        }
        passage.offer(legCount * Leg.SIZE);
        assertThat(passage.legs().front())
                .as("lanes are done")
                .isSameAs(passage.legs().open());

        for (int i = 0; i < legCount * Leg.SIZE; i++) {
            assertThat(passage.poll()).as("whatever the front has let go").isEqualTo(i);
        }
        assertThat(passage.poll()).isEqualTo(legCount * Leg.SIZE);

        awaitCollected(legCount - 1); // the iterator stands at the first one
        standing.next();
        assertThat(standing.next()).isSameAs(passage.legs().open());
    }

    /** A task's result can be taken before the task is counted, and so before its batch is over. */
    @Test
    void shouldLeaveToTheFrontWhatAFollowerPassesFirst() {
        BatchChain chain = new BatchChain(before -> new Batch(dispatcher, 8));
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
            assertThat(chain.front()).isSameAs(chain.open()).isNotSameAs(before);
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
            walkers.add(CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    int length = 0;
                    for (Batch batch : dispatcher.batches()) {
                        assertThat(batch).isNotNull();
                        length++;
                    }
                    assertThat(length).isPositive();
                }
            }));
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
    private static final class Deaf implements Passage.Listener {
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
