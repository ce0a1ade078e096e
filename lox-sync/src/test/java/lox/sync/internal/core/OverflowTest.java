package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.time.WorkerThreads;
import lox.sync.spi.Dialect;
import org.junit.jupiter.api.Test;

/** A batch that is full. The bound is an int's range; here it is ten. */
class OverflowTest {
    private static final int CAPACITY = 10;

    private static final Dialect DIALECT = new Dialect() {
        @Override
        public void dropped(Throwable failure) {
            throw new AssertionError("dropped", failure);
        }

        @Override
        public Throwable combine(List<Throwable> failures, int total) {
            return failures.get(0);
        }
    };

    private static Dispatcher<Integer, Integer> dispatcher(LanePool pool) {
        return Dispatchers.of(i -> i, pool, DIALECT, CAPACITY);
    }

    private static LanePool pool(Executor executor) {
        return new LanePool("narrow", 2, Integer.MAX_VALUE, executor, () -> {});
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static <V> V await(Dispatcher<?, ?> dispatcher, Gathering<V> gathering) {
        try {
            return dispatcher.await(gathering);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void shouldRefuseTheScatterThatFindsNoRoomAndLoseNothing() {
        Dispatcher<Integer, Integer> dispatcher = dispatcher(pool(WorkerThreads.platform("overflow")));

        for (int batch = 0; batch < 3; batch++) {
            for (int i = 0; i < CAPACITY; i++) {
                assertThat(dispatcher.scatter(i)).isEqualTo(i);
            }
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> dispatcher.scatter(99))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("10")
                        .hasMessageContaining("narrow")
                        .hasMessageContaining("gather");
            }
            assertThat(await(dispatcher, dispatcher.gather(null))).isEqualTo(numbers(0, CAPACITY));
            assertThat(dispatcher.pending()).isZero();
        }
    }

    @Test
    void shouldGiveBackTheQueuePlaceOfARefusedScatter() {
        LanePool pool = new LanePool("narrow", 1, 1, WorkerThreads.platform("overflow"), () -> {});
        Dispatcher<Integer, Integer> dispatcher = dispatcher(pool);
        IntStream.range(0, CAPACITY).forEach(dispatcher::scatter);

        for (int i = 0; i < 5; i++) { // would wait for ever at the second if the first had kept its place
            assertThatThrownBy(() -> dispatcher.scatter(99)).isInstanceOf(IllegalStateException.class);
        }

        assertThat(await(dispatcher, dispatcher.gather(null))).isEqualTo(numbers(0, CAPACITY));
    }

    @Test
    void shouldCountExactlyWhenManyThreadsOverflowItAtOnce() throws InterruptedException {
        Dispatcher<Integer, Integer> dispatcher = dispatcher(pool(WorkerThreads.platform("overflow")));
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        List<Thread> producers = new ArrayList<>();
        for (int p = 0; p < 3; p++) {
            producers.add(new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    try {
                        dispatcher.scatter(i);
                        accepted.incrementAndGet();
                    } catch (IllegalStateException full) {
                        refused.incrementAndGet();
                    }
                }
            }));
        }

        producers.forEach(Thread::start);
        int gathered = 0;
        while (producers.stream().anyMatch(Thread::isAlive)) {
            gathered += await(dispatcher, dispatcher.gather(null)).size();
        }
        gathered += await(dispatcher, dispatcher.gather(null)).size();

        assertThat(gathered).isEqualTo(accepted.get());
        assertThat(accepted.get() + refused.get()).isEqualTo(3 * 2_000);
    }

    @Test
    void shouldOverflowInTheCallersThreadToo() {
        Dispatcher<Integer, Integer> dispatcher =
                dispatcher(new LanePool("narrow", 0, Integer.MAX_VALUE, null, () -> {}));
        IntStream.range(0, CAPACITY).forEach(dispatcher::scatter);

        assertThatThrownBy(() -> dispatcher.scatter(99)).isInstanceOf(IllegalStateException.class);

        assertThat(await(dispatcher, dispatcher.gather(null))).isEqualTo(numbers(0, CAPACITY));
    }
}
