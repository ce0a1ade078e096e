package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.QueueLimit;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.RemoteWorkers;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What was sent to a worker is taken back while the worker goes on starting it: every task is run there, or by another lane's
 * worker, exactly once, and every result is in its place.
 *
 * <p>The workers are threads that keep to the letter of {@link RemoteRun}, and no more; a tormentor recalls at any instant, and
 * workers go at any instant, between two tasks. The other side of it, in the process, is {@code InboxTest}.
 */
@Tag("race")
class TakeBackRaceTest {
    private static final long NANOS = 3_000_000_000L;
    private static final int TASKS = 300;
    private static final int LANES = 3;

    private final AtomicIntegerArray starts = new AtomicIntegerArray(TASKS);
    private final AtomicInteger takenBack = new AtomicInteger();
    private final Queue<SentRun> underWay = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long seed = ThreadLocalRandom.current().nextLong();

    /** Some tasks are so long that the watch finds the lane stuck. */
    private static long spins(int argument, int salt) {
        int mixed = ((argument * 31 + salt) * 0x9E3779B9) >>> 8;
        return mixed % 97 == 0 ? 200_000 : mixed % 300;
    }

    /** One lock settles, for each task, whether it is started or taken back. */
    private final class SentRun implements RemoteRun {
        private final ThreadWorker worker;
        private final int most;
        private final List<Integer> arguments = new ArrayList<>();
        private volatile @Nullable Thread waiter;
        private volatile int settled;
        private volatile int limit;
        private int started; // guarded by this

        SentRun(ThreadWorker worker, int most) {
            this.worker = worker;
            this.most = most;
        }

        @Override
        public void add(@Nullable Object argument) {
            arguments.add((Integer) argument);
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
            limit = arguments.size();
            underWay.add(this);
            threads.execute(this::work);
        }

        private void work() {
            for (int i = start(); i >= 0; i = start()) {
                int argument = arguments.get(i);
                starts.incrementAndGet(argument);
                for (long spin = spins(argument, worker.salt); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                settled = i + 1;
                LockSupport.unpark(waiter);
            }
            underWay.remove(this);
        }

        private synchronized int start() {
            return started < limit ? started++ : -1;
        }

        @Override
        public int settled() {
            return settled;
        }

        @Override
        public int limit() {
            return limit;
        }

        @Override
        public Object result(int index) {
            return arguments.get(index) + 1_000;
        }

        @Override
        public void await(int known, int knownLimit, @Nullable RemoteRun behind, int behindLimit) {
            waiter = Thread.currentThread();
            while (settled == known && limit == knownLimit && !Thread.interrupted()) {
                LockSupport.park(this);
            }
        }

        @Override
        public synchronized void recall() {
            takenBack.addAndGet(limit - started);
            limit = started;
            LockSupport.unpark(waiter);
        }

        @Override
        public void stop() {
            recall();
        }
    }

    private final class ThreadWorker implements RemoteWorker {
        private final int salt = ThreadLocalRandom.current().nextInt();
        private volatile boolean gone;

        @Override
        public RemoteRun open(Work<?, ?> work, int most, BooleanSupplier giveUp) {
            return new SentRun(this, most);
        }

        @Override
        public boolean isUsable() {
            return !gone;
        }

        @Override
        public void giveBack() {}
    }

    private final class ThreadWorkers implements RemoteWorkers {
        @Override
        public RemoteWorker lend(BooleanSupplier wanted) {
            return new ThreadWorker();
        }

        @Override
        public boolean mayRetry(Throwable failure, int before) {
            return false;
        }

        @Override
        public void close() {
            threads.shutdown();
        }
    }

    /** Recalls runs, and takes workers away, as often as it can. */
    private void torment(AtomicBoolean over) {
        Random random = new Random(seed);
        while (!over.get()) {
            SentRun run = underWay.peek();
            for (int spin = random.nextInt(2_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            if (run != null) {
                run.worker.gone |= random.nextInt(8) == 0;
                run.recall();
            }
        }
    }

    @Test
    void shouldRunEveryTaskOnceWhateverIsTakenBack() throws Throwable {
        LanePool pool = new LanePool(
                new PoolObserver("taken-back", List.of()),
                LANES,
                QueueLimit.NONE,
                TaskPolicy.NONE,
                threads,
                new ThreadWorkers());
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(argument -> argument, pool, new EngineDialect());
        List<Integer> expected = IntStream.range(1_000, 1_000 + TASKS).boxed().toList();
        AtomicBoolean over = new AtomicBoolean();
        Thread tormentor = new Thread(() -> torment(over));
        tormentor.start();
        try {
            int rounds = 0;
            for (long begun = System.nanoTime(); rounds <= 10 || System.nanoTime() - begun < NANOS; rounds++) {
                IntStream.range(0, TASKS).forEach(i -> starts.set(i, 0));
                IntStream.range(0, TASKS).forEach(dispatcher::scatter);
                assertThat(dispatcher.await(dispatcher.gather(null)))
                        .as("seed %d, round %d", seed, rounds)
                        .isEqualTo(expected);
                for (int i = 0; i < TASKS; i++) {
                    assertThat(starts.get(i))
                            .as("starts of task %d, seed %d, round %d", i, seed, rounds)
                            .isEqualTo(1);
                }
            }
            assertThat(takenBack).hasValueGreaterThan(100);
        } finally {
            over.set(true);
            tormentor.join();
            pool.close();
        }
    }
}
