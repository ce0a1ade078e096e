package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.QueueLimit;
import lox.sync.internal.pool.TaskPolicy;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What lanes, sources and a close keep of batches of one's own. */
class OwnBatchTest {
    private final EngineDialect dialect = new EngineDialect();
    private final List<LanePool> pools = new ArrayList<>();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        pools.forEach(LanePool::close);
    }

    private Dispatcher<Integer, Integer> on(int threads) {
        LanePool pool =
                new LanePool("own", threads, Integer.MAX_VALUE, task -> new Thread(task, "own").start(), () -> {});
        pools.add(pool);
        return Dispatchers.of(this::task, pool, dialect);
    }

    private int task(int argument) throws InterruptedException {
        if (argument == -1) {
            throw new IllegalStateException("planned");
        }
        if (argument == -2) {
            running.countDown();
            release.await();
        }
        return argument;
    }

    private static List<Integer> gatherOne(Dispatcher<Integer, Integer> dispatcher, int argument) {
        OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
        batch.scatter(argument);
        try {
            return dispatcher.await(batch.gather(null));
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void shouldKeepNoneThatIsOver() {
        Dispatcher<Integer, Integer> dispatcher = on(2);
        for (int i = 0; i < 500; i++) {
            assertThat(gatherOne(dispatcher, i)).containsExactly(i);
        }
        Patience.until(
                "the lanes have left", () -> dispatcher.sources().others().isEmpty());
    }

    /** Calls that end at once need no lane, which would take out the batches that have nothing to claim. */
    @Test
    void shouldKeepNoneOfCallsThatEndAtOnce() {
        LanePool calls = LanePool.asynchronous(
                new PoolObserver("calls", List.of()),
                2,
                new QueueLimit(Integer.MAX_VALUE, RejectedExecutionException::new),
                TaskPolicy.NONE);
        EngineDialect scalars = new EngineDialect() {
            @Override
            public Object valueOf(Object returned) {
                return returned;
            }
        };
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(i -> i, calls, scalars);
        for (int i = 0; i < 50; i++) {
            assertThat(gatherOne(dispatcher, i)).containsExactly(i);
            assertThat(dispatcher.sources().others()).isEmpty();
        }
        calls.close();
    }

    @Test
    void shouldKeepNoneWithoutWorkers() {
        LanePool inline = new LanePool("inline", 0, Integer.MAX_VALUE, null, () -> {});
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(this::task, inline, dialect);
        OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
        batch.scatter(1);
        batch.scatter(2);
        assertThat(batch.pending()).isZero();
        assertThat(gatherOne(dispatcher, 3)).containsExactly(3);
        assertThat(dispatcher.sources().others()).isEmpty();
    }

    @Test
    void shouldKeepNoneThatIsRefused() {
        Dispatcher<Integer, Integer> dispatcher = on(1);
        OwnBatch<Integer, Integer> gathered = new OwnBatch<>(dispatcher);
        gathered.gather(null);
        assertThatThrownBy(() -> gathered.scatter(1)).isInstanceOf(IllegalStateException.class);
        assertThat(dispatcher.sources().others()).isEmpty();

        dispatcher.pool().close();
        assertThatThrownBy(() -> new OwnBatch<>(dispatcher).scatter(1)).isInstanceOf(RejectedExecutionException.class);
        assertThat(dispatcher.sources().others()).isEmpty();
    }

    @Test
    void shouldBecomeGarbageWithoutBeingClosed() {
        Dispatcher<Integer, Integer> dispatcher = on(1);
        List<WeakReference<?>> dropped = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
            batch.scatter(i);
            dropped.add(new WeakReference<>(batch));
        }
        Patience.until("they are collected", () -> {
            System.gc();
            return dropped.stream().allMatch(batch -> batch.get() == null);
        });
    }

    /** Lanes that always find something to do never leave, which is when they take out what is idle. */
    @Test
    void shouldBecomeGarbageWithoutBeingClosedWhileOthersKeepTheWorkersBusy() {
        Load load = new Load();
        try {
            load.start();
            List<WeakReference<?>> dropped = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                OwnBatch<Integer, Integer> batch = new OwnBatch<>(load.dispatcher);
                batch.scatter(i);
                dropped.add(new WeakReference<>(batch));
            }
            Patience.until("they are collected", () -> {
                System.gc();
                return dropped.stream().allMatch(batch -> batch.get() == null);
            });
        } finally {
            load.isOver = true;
        }
    }

    /** Some come in just before idle ones are taken out, and wait meanwhile. */
    @Test
    void shouldBeServedInTurnWithBatchesThatAppearAllTheTime() {
        Load load = new Load();
        load.bursts = 300;
        load.start();
        try {
            Patience.until("all are served", () -> load.served.get() == load.bursts * Load.BURST);
        } finally {
            load.isOver = true;
        }
    }

    @Test
    void shouldBeServedInTurnWithAFunctionThatScattersToItself() {
        AtomicBoolean isServed = new AtomicBoolean();
        AtomicBoolean isOver = new AtomicBoolean();
        List<Dispatcher<Integer, Integer>> itself = new ArrayList<>();
        LanePool pool = new LanePool("own", 1, Integer.MAX_VALUE, task -> new Thread(task, "own").start(), () -> {});
        pools.add(pool);
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(
                i -> {
                    if (i >= 0) {
                        isServed.set(true);
                    } else if (!isOver.get()) {
                        new OwnBatch<>(itself.get(0)).scatter(1);
                        itself.get(0).scatter(-1);
                    }
                    return i;
                },
                pool,
                dialect);
        itself.add(dispatcher);

        dispatcher.scatter(-1);
        try {
            Patience.until("a batch is served", isServed::get);
        } finally {
            isOver.set(true);
        }
    }

    /** One worker that always has something to do: each task scatters another one, to a batch of its own. */
    private final class Load {
        private static final int BURST = 5;

        private final Dispatcher<Integer, Integer> dispatcher;
        private volatile boolean isOver;
        private volatile int bursts; // of others to scatter, one at each 97th of its own tasks
        private final AtomicInteger served = new AtomicInteger(); // others that have run
        private int tasks; // the worker's

        Load() {
            LanePool pool =
                    new LanePool("own", 1, Integer.MAX_VALUE, task -> new Thread(task, "own").start(), () -> {});
            pools.add(pool);
            dispatcher = Dispatchers.of(this::task, pool, dialect);
        }

        void start() {
            new OwnBatch<>(dispatcher).scatter(-1);
        }

        private int task(int argument) {
            if (argument >= 0) {
                served.incrementAndGet();
            } else if (!isOver) {
                tasks++;
                for (int i = 0; tasks % 97 == 0 && tasks / 97 <= bursts && i < BURST; i++) {
                    new OwnBatch<>(dispatcher).scatter(i);
                }
                start();
            }
            return argument;
        }
    }

    @Test
    void shouldTellOnceOfAFailureWhenItIsClosedWhileOthersRun() throws InterruptedException {
        Dispatcher<Integer, Integer> dispatcher = on(2);
        OwnBatch<Integer, Integer> batch = failedAndRunning(dispatcher);

        batch.close();
        batch.close();

        awaitIdle(dispatcher);
        assertThat(dialect.dropped).singleElement().satisfies(OwnBatchTest::isOfThePlanned);
    }

    @Test
    void shouldTellOnceOfAFailureWhenAFunctionDiscardsItsBatch() throws InterruptedException {
        Dispatcher<Integer, Integer> dispatcher = on(2);
        failAndRun(dispatcher, dispatcher);

        dispatcher.discard();

        awaitIdle(dispatcher);
        assertThat(dialect.dropped).singleElement().satisfies(OwnBatchTest::isOfThePlanned);
        assertThat(dispatcher.batches().open().size()).as("open").isNegative();
    }

    @Test
    void shouldTellOfAFailureWhenTheWorkersAreClosed() throws InterruptedException {
        Dispatcher<Integer, Integer> dispatcher = on(2);
        OwnBatch<Integer, Integer> batch = failedAndRunning(dispatcher);

        dispatcher.pool().close();

        assertThat(dialect.dropped).singleElement().satisfies(OwnBatchTest::isOfThePlanned);
        assertThatThrownBy(() -> batch.scatter(1)).isInstanceOf(RejectedExecutionException.class);
    }

    /** Whoever is first: each task that was accepted is run or dropped, nothing is told twice, and nothing is kept. */
    @Tag("race")
    @Test
    void shouldBeGatheredOrDiscardedWhoeverIsFirst() throws Exception {
        Dispatcher<Integer, Integer> dispatcher = on(2);
        for (int round = 0; round < 6_000; round++) {
            OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
            AtomicInteger accepted = new AtomicInteger();
            AtomicBoolean refused = new AtomicBoolean();
            Thread producer = new Thread(() -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        batch.scatter(i);
                        accepted.incrementAndGet();
                    }
                } catch (IllegalStateException sealed) {
                    refused.set(true);
                }
            });
            producer.start();
            if (round % 2 == 0) {
                Thread.onSpinWait();
            } else {
                batch.scatter(100);
            }
            if (round % 3 == 0) {
                batch.close();
            } else {
                Gathering<List<Integer>> gathering = batch.gather(null);
                List<Integer> results = gathered(dispatcher, gathering);
                producer.join(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
                assertThat(results).hasSize(accepted.get() + round % 2);
            }
            producer.join(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
            assertThat(producer.isAlive()).isFalse();
            assertThat(accepted.get() == 20 || refused.get()).isTrue();
        }
        awaitIdle(dispatcher);
        assertThat(dispatcher.sources().others()).isEmpty();
        assertThat(dialect.dropped).isEmpty();
    }

    private static List<Integer> gathered(Dispatcher<Integer, Integer> dispatcher, Gathering<List<Integer>> gathering) {
        try {
            return dispatcher.await(gathering);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private OwnBatch<Integer, Integer> failedAndRunning(Dispatcher<Integer, Integer> dispatcher)
            throws InterruptedException {
        OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
        failAndRun(batch, dispatcher);
        return batch;
    }

    /** One task has failed, one runs until it is interrupted. */
    private void failAndRun(ScatterTarget<Integer, Integer> target, Dispatcher<Integer, Integer> dispatcher)
            throws InterruptedException {
        Batch batch = target.batches().open();
        target.scatter(-1);
        Patience.until("the first has failed", () -> batch.done() == 1);
        target.scatter(-2);
        assertThat(running.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(dispatcher.hasWork()).isTrue();
    }

    private static void awaitIdle(Dispatcher<Integer, Integer> dispatcher) {
        Patience.until("the lanes have left", () -> !dispatcher.hasWork());
    }

    private static void isOfThePlanned(@Nullable Throwable told) {
        assertThat(told).isNotNull().rootCause().hasMessage("planned");
    }

    // ---- many at once ----------------------------------------------------------------------------------------------

    private static List<Integer> gatherAll(Dispatcher<Integer, Integer> dispatcher, Iterable<Integer> arguments) {
        OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
        batch.scatterAll(arguments);
        try {
            return dispatcher.await(batch.gather(null));
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /** The numbers from 0 on, in what is no collection. */
    private static Iterable<Integer> iterable(int size) {
        return () -> IntStream.range(0, size).iterator();
    }

    @Test
    void shouldTakeACollectionOfAnySize() {
        Dispatcher<Integer, Integer> dispatcher = on(3);
        for (int size : new int[] {0, 1, 2, 3, 7, 31, 32, 33, 255, 256, 257, 511, 512, 3_000, 100_000}) {
            List<Integer> arguments = IntStream.range(0, size).boxed().toList();
            assertThat(gatherAll(dispatcher, arguments)).isEqualTo(arguments);
            assertThat(gatherAll(dispatcher, iterable(size))).isEqualTo(arguments);
        }
    }

    @Test
    void shouldStartAsManyAsThereAreWorkersOfACollection() throws InterruptedException {
        AtomicInteger started = new AtomicInteger();
        LanePool pool = new LanePool("own", 7, Integer.MAX_VALUE, task -> new Thread(task, "own").start(), () -> {});
        pools.add(pool);
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(
                i -> {
                    started.incrementAndGet();
                    release.await();
                    return i;
                },
                pool,
                dialect);
        OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);

        batch.scatterAll(List.of(0, 1, 2, 3, 4, 5, 6));

        Patience.until("all seven have started", () -> started.get() == 7);
        batch.close();
    }

    @Test
    void shouldStartTheFirstOfACollectionThatIsSlow() {
        Dispatcher<Integer, Integer> dispatcher = on(2);
        AtomicInteger taken = new AtomicInteger();
        List<Integer> slow = new AbstractList<>() {
            @Override
            public Integer get(int index) {
                if (index == 1) {
                    Patience.until("the first is run", () -> running.getCount() == 0);
                    release.countDown();
                }
                taken.incrementAndGet();
                return index == 0 ? -2 : index;
            }

            @Override
            public int size() {
                return 3;
            }
        };

        assertThat(gatherAll(dispatcher, slow)).containsExactly(-2, 1, 2);
        assertThat(taken).hasValue(3);
    }

    @Test
    void shouldRefuseACollectionThatABatchCannotHold() {
        LanePool pool = new LanePool("own", 2, Integer.MAX_VALUE, task -> new Thread(task, "own").start(), () -> {});
        pools.add(pool);
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(this::task, pool, dialect, 100);
        List<Integer> most = IntStream.range(0, 100).boxed().toList();
        List<Integer> tooMany = IntStream.range(0, 101).boxed().toList();

        assertThat(gatherAll(dispatcher, most)).isEqualTo(most);
        OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
        assertThatThrownBy(() -> batch.scatterAll(tooMany))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("100");
        batch.close();
        assertThat(gatherAll(dispatcher, most)).isEqualTo(most);
    }

    @Test
    void shouldRunOrDropEachOfACollectionThatMeetsAClose() throws Exception {
        for (int round = 0; round < 300; round++) {
            Dispatcher<Integer, Integer> dispatcher = on(2);
            LanePool pool = pools.get(pools.size() - 1);
            OwnBatch<Integer, Integer> batch = new OwnBatch<>(dispatcher);
            List<Integer> arguments = IntStream.range(0, 600).boxed().toList();
            CyclicBarrier barrier = new CyclicBarrier(2);
            Thread closer = new Thread(() -> {
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                pool.close();
            });
            closer.start();
            barrier.await();
            try {
                batch.scatterAll(arguments);
            } catch (RejectedExecutionException closed) {
                assertThat(closed).hasMessageContaining("closed");
            }
            closer.join();
            batch.close(); // as a gather of a list does, whatever has happened
            Patience.until("nothing is pending", () -> batch.pending() == 0);
            Patience.until(
                    "no source is left", () -> dispatcher.sources().others().isEmpty());
            pools.remove(pool);
        }
    }
}
