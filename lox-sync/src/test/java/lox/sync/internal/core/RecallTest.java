package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.QueueLimit;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.RemoteWorkers;
import lox.sync.spi.Work;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a stalled worker has not started is taken back if somebody can run it, or wants the place. */
class RecallTest {
    private static final int TASKS =
            20_000; // after 16 short ones they travel together; on a busy machine some look long
    private static final int LOOKS = 50;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger recalls = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger(); // of the watch at a stalled run
    private final CountDownLatch release = new CountDownLatch(1);
    private final CompletableFuture<HeldRun> held = new CompletableFuture<>();

    @AfterEach
    void end() {
        release.countDown();
        threads.shutdown();
    }

    /** In the first that has several tasks, the first task lasts until the test ends it. */
    private final class HeldRun implements RemoteRun {
        private final int most;
        private final List<@Nullable Object> arguments = new ArrayList<>();
        private volatile @Nullable Thread lane;
        private volatile int settled;
        private volatile int limit;
        private int started; // guarded by this

        HeldRun(int most) {
            this.most = most;
        }

        @Override
        public void add(@Nullable Object argument) {
            arguments.add(argument);
        }

        @Override
        public boolean isFull() {
            return arguments.size() >= most;
        }

        @Override
        public int size() {
            return arguments.size();
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void send(BooleanSupplier giveUp) {
            lane = Thread.currentThread();
            limit = arguments.size();
            threads.execute(this::work);
        }

        private void work() {
            for (int i = start(); i >= 0; i = start()) {
                if (i == 0 && arguments.size() > 1 && held.complete(this)) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                settled = i + 1;
                LockSupport.unpark(lane);
            }
        }

        private synchronized int start() {
            return started < limit ? started++ : -1;
        }

        @Override
        public int settled() {
            if (held.getNow(null) == this && Thread.currentThread() != lane) {
                looks.incrementAndGet();
            }
            return settled;
        }

        @Override
        public int limit() {
            return limit;
        }

        @Override
        public @Nullable Object result(int index) {
            return arguments.get(index);
        }

        @Override
        public void await(int known, int knownLimit, @Nullable RemoteRun behind, int behindLimit) {
            while (settled == known && limit == knownLimit && !Thread.interrupted()) {
                LockSupport.park(this);
            }
        }

        @Override
        public synchronized void recall() {
            recalls.incrementAndGet();
            limit = started;
            LockSupport.unpark(lane);
        }

        @Override
        public void stop() {
            recall();
        }
    }

    private final class HeldWorkers implements RemoteWorkers, RemoteWorker {
        @Override
        public RemoteWorker lend(BooleanSupplier wanted) {
            return this;
        }

        @Override
        public boolean mayRetry(Throwable failure, int before) {
            return false;
        }

        @Override
        public void close() {}

        @Override
        public RemoteRun open(Work<?, ?> work, int most, BooleanSupplier giveUp) {
            return new HeldRun(most);
        }

        @Override
        public boolean isUsable() {
            return true;
        }

        @Override
        public void giveBack() {}
    }

    private LanePool pool(int workers) {
        return new LanePool(
                new PoolObserver("recalled", List.of()),
                workers,
                QueueLimit.NONE,
                TaskPolicy.NONE,
                threads,
                new HeldWorkers());
    }

    /** Has the pool's worker stall in the first of several tasks; returns what comes of all tasks. */
    private CompletableFuture<List<Integer>> stall(LanePool pool) {
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(argument -> argument, pool, new EngineDialect());
        Collections.nCopies(TASKS, 1).forEach(dispatcher::scatter);
        CompletableFuture<List<Integer>> all = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                all.complete(dispatcher.await(dispatcher.gather(null)));
            } catch (Throwable failure) {
                all.completeExceptionally(failure);
            }
        });
        Patience.until("several tasks travel together", held::isDone);
        return all;
    }

    @Test
    void shouldTakeBackWhatAnotherWorkerCanRun() {
        CompletableFuture<List<Integer>> all = stall(pool(2));
        Patience.until("it is taken back", () -> recalls.get() > 0);
        release.countDown();
        assertThat(all).succeedsWithin(Patience.LIMIT).asList().hasSize(TASKS);
    }

    @Test
    void shouldLeaveTheOnlyWorkerWhatItHas() {
        CompletableFuture<List<Integer>> all = stall(pool(1));
        Patience.until("the watch has looked", () -> looks.get() > LOOKS);
        assertThat(recalls).hasValue(0);
        release.countDown();
        assertThat(all).succeedsWithin(Patience.LIMIT).asList().hasSize(TASKS);
    }

    @Test
    void shouldTakeBackWhatTheOnlyWorkerHasIfAnotherFunctionWantsIt() throws Throwable {
        LanePool pool = pool(1);
        CompletableFuture<List<Integer>> all = stall(pool);
        Dispatcher<Integer, Integer> other = Dispatchers.of(argument -> argument, pool, new EngineDialect());
        other.scatter(2);
        Patience.until("it is taken back", () -> recalls.get() > 0);
        release.countDown();
        assertThat(other.await(other.gather(null))).containsExactly(2);
        assertThat(all).succeedsWithin(Patience.LIMIT).asList().hasSize(TASKS);
    }
}
