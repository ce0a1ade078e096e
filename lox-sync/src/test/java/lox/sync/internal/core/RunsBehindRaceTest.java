package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two runs are under way to workers far away that are recalled, die in a task and between two, and are stopped at any
 * instant: every task is started once, and once more for each worker that has died in it, and every result is in its
 * place.
 *
 * <p>The workers are threads that keep to the letter of {@link RemoteRun}, and no more; a tormentor disturbs them.
 */
@Tag("race")
class RunsBehindRaceTest {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long TRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int TASKS = 400;
    private static final int LANES = 3;
    private static final int LONGEST_RUN = 9;

    private final List<Counts> rounds = new CopyOnWriteArrayList<>();
    private final AtomicInteger takenBack = new AtomicInteger();
    private final AtomicInteger takenBackWhole = new AtomicInteger();
    private final AtomicInteger behind = new AtomicInteger();
    private final AtomicInteger died = new AtomicInteger();
    private final Queue<ThreadWorker> workers = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long seed = ThreadLocalRandom.current().nextLong();

    /** Of one round: a worker may get tasks of a batch that was cancelled when the next round has begun already. */
    private static final class Counts {
        final AtomicIntegerArray starts = new AtomicIntegerArray(TASKS);
        final AtomicIntegerArray deaths = new AtomicIntegerArray(TASKS);
    }

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Some tasks are so long that the watch finds the lane stuck. */
    private static long spins(int argument, int salt) {
        int mixed = ((argument * 31 + salt) * 0x9E3779B9) >>> 8;
        return mixed % 97 == 0 ? 200_000 : mixed % 300;
    }

    /** Its worker's lock guards what is not final or volatile. */
    private static final class SentRun implements RemoteRun {
        private final ThreadWorker worker;
        private final int most;
        private final List<Integer> arguments = new ArrayList<>();
        private volatile @Nullable Thread waiter;
        private volatile int settled;
        private volatile int limit;
        private volatile int fatal = -1;
        private int started;

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
            worker.take(this);
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
            if (index == fatal) {
                throw new Death();
            }
            return arguments.get(index) + 1_000;
        }

        @Override
        public void await(int known, int knownLimit, @Nullable RemoteRun later, int laterLimit) {
            waiter = Thread.currentThread();
            if (later instanceof SentRun next) {
                next.waiter = Thread.currentThread();
            }
            while (settled == known
                    && limit == knownLimit
                    && (later == null || later.limit() == laterLimit)
                    && !Thread.interrupted()) {
                LockSupport.park(this);
            }
        }

        private void tell() {
            LockSupport.unpark(waiter);
        }

        @Override
        public void recall() {
            worker.recall(this);
        }

        @Override
        public void stop() {
            worker.recall(this);
        }
    }

    /** Runs one task after the other, run after run. Its lock settles whether a task is started or taken back. */
    private final class ThreadWorker implements RemoteWorker, Runnable {
        private final Random random = new Random(seed);
        private final int salt = ThreadLocalRandom.current().nextInt();
        private final Deque<SentRun> runs = new ArrayDeque<>(); // this object's lock
        private volatile boolean dying;
        private boolean gone;

        @Override
        public RemoteRun open(Work<?, ?> work, int most, BooleanSupplier giveUp) {
            return new SentRun(this, Math.min(most, 1 + random.nextInt(LONGEST_RUN)));
        }

        @Override
        public long tripNanos() {
            return TRIP_NANOS;
        }

        @Override
        public synchronized boolean isUsable() {
            return !gone && !dying;
        }

        @Override
        public synchronized void giveBack() {
            workers.remove(this);
            gone = true;
            notifyAll();
        }

        synchronized void take(SentRun run) {
            if (gone) {
                run.limit = 0;
                return;
            }
            behind.addAndGet(runs.isEmpty() ? 0 : 1);
            runs.add(run);
            notifyAll();
        }

        synchronized void recall(SentRun run) {
            if (runs.contains(run) && run.limit > run.started) {
                takenBackWhole.addAndGet(run.started == 0 ? 1 : 0);
                takenBack.addAndGet(run.limit - run.started);
                run.limit = run.started;
                removeOver();
                run.tell();
            }
        }

        synchronized boolean isIdle() {
            return runs.isEmpty();
        }

        private void removeOver() {
            runs.removeIf(run -> run.settled >= run.limit);
        }

        @Override
        public void run() {
            for (SentRun run = start(); run != null; run = start()) {
                int argument = run.arguments.get(run.settled);
                for (long spin = spins(argument, salt); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                end(run, argument);
            }
        }

        private synchronized @Nullable SentRun start() {
            while (runs.isEmpty() && !gone && !dying) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            if (gone || dying) {
                die();
                return null;
            }
            SentRun run = runs.getFirst();
            int argument = run.arguments.get(run.started);
            countsOf(argument).starts.incrementAndGet(argument % TASKS);
            run.started++;
            return run;
        }

        private synchronized void end(SentRun run, int argument) {
            if (dying) {
                countsOf(argument).deaths.incrementAndGet(argument % TASKS);
                died.incrementAndGet();
                run.fatal = run.settled;
            }
            run.settled++;
            removeOver();
            run.tell();
        }

        private void die() {
            gone = true;
            for (SentRun run : runs) {
                run.limit = run.settled;
                run.tell();
            }
            runs.clear();
        }
    }

    private final class ThreadWorkers implements RemoteWorkers {
        @Override
        public RemoteWorker lend(BooleanSupplier wanted) {
            ThreadWorker worker = new ThreadWorker();
            workers.add(worker);
            threads.execute(worker);
            return worker;
        }

        @Override
        public boolean mayRetry(Throwable failure, int before) {
            return failure instanceof Death;
        }

        @Override
        public void close() {
            threads.shutdown();
        }
    }

    /** Recalls runs, and lets workers die, as often as it can. */
    private void torment(AtomicBoolean over) {
        Random random = new Random(seed);
        while (!over.get()) {
            for (ThreadWorker worker : workers) {
                for (int spin = random.nextInt(2_000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                disturb(worker, random);
            }
            LockSupport.parkNanos(random.nextInt(200_000));
        }
    }

    private static void disturb(ThreadWorker worker, Random random) {
        synchronized (worker) {
            List<SentRun> runs = List.copyOf(worker.runs);
            if (random.nextInt(10) == 0) {
                worker.dying = true;
                worker.notifyAll();
            } else if (!runs.isEmpty()) {
                runs.get(random.nextInt(runs.size())).recall();
            }
        }
    }

    private Counts countsOf(int argument) {
        return rounds.get(argument / TASKS);
    }

    /** Begins a round. Returns its arguments, which no other round has. */
    private IntStream beginRound() {
        int first = rounds.size() * TASKS;
        rounds.add(new Counts());
        return IntStream.range(first, first + TASKS);
    }

    @Test
    void shouldRunEveryTaskOnceWhateverBecomesOfTheWorkers() throws Throwable {
        LanePool pool = new LanePool(
                new PoolObserver("behind", List.of()),
                LANES,
                QueueLimit.NONE,
                TaskPolicy.NONE,
                threads,
                new ThreadWorkers());
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(argument -> argument, pool, new EngineDialect());
        AtomicBoolean over = new AtomicBoolean();
        Thread tormentor = new Thread(() -> torment(over));
        tormentor.start();
        try {
            for (long begun = System.nanoTime(); rounds.size() <= 10 || System.nanoTime() - begun < NANOS; ) {
                List<Integer> arguments = beginRound().boxed().toList();
                arguments.forEach(dispatcher::scatter);
                assertThat(dispatcher.await(dispatcher.gather(null)))
                        .as("seed %d, round %d", seed, rounds.size())
                        .isEqualTo(arguments.stream().map(i -> i + 1_000).toList());
                Counts counts = rounds.get(rounds.size() - 1);
                for (int i = 0; i < TASKS; i++) {
                    assertThat(counts.starts.get(i))
                            .as("starts of task %d, seed %d, round %d", i, seed, rounds.size())
                            .isEqualTo(1 + counts.deaths.get(i));
                }
            }
            assertThat(behind).as("runs sent behind another").hasValueGreaterThan(100);
            assertThat(takenBack).hasValueGreaterThan(100);
            assertThat(takenBackWhole).hasValueGreaterThan(10);
            assertThat(died).hasValueGreaterThan(10);
        } finally {
            over.set(true);
            tormentor.join();
            pool.close();
        }
    }

    @Test
    void shouldStartNoTaskTwiceInABatchThatIsCancelled() throws Throwable {
        LanePool pool = new LanePool(
                new PoolObserver("behind", List.of()),
                LANES,
                QueueLimit.NONE,
                TaskPolicy.NONE,
                threads,
                new ThreadWorkers());
        Dispatcher<Integer, Integer> dispatcher = Dispatchers.of(argument -> argument, pool, new EngineDialect());
        Random random = new Random(seed);
        AtomicBoolean over = new AtomicBoolean();
        Thread tormentor = new Thread(() -> torment(over));
        tormentor.start();
        try {
            for (long begun = System.nanoTime(); rounds.size() <= 10 || System.nanoTime() - begun < NANOS; ) {
                beginRound().forEach(dispatcher::scatter);
                Gathering<List<Integer>> gathering = dispatcher.gather(null);
                LockSupport.parkNanos(random.nextInt(1_000_000));
                gathering.cancel("enough");
                try {
                    assertThat(dispatcher.await(gathering)).hasSize(TASKS); // it was over before
                } catch (CancellationException expected) {
                    assertThat(expected).hasMessageContaining("enough");
                }
                int last = beginRound().findFirst().orElseThrow();
                dispatcher.scatter(last); // which may run behind what is left
                assertThat(dispatcher.await(dispatcher.gather(null))).containsExactly(last + 1_000);
            }
            Patience.until("nothing is left in a worker", () -> workers.stream().allMatch(ThreadWorker::isIdle));
            for (int round = 0; round < rounds.size(); round++) {
                Counts counts = rounds.get(round);
                for (int i = 0; i < TASKS; i++) {
                    assertThat(counts.starts.get(i))
                            .as("starts of task %d, seed %d, round %d", i, seed, round)
                            .isLessThanOrEqualTo(1 + counts.deaths.get(i));
                }
            }
            assertThat(behind).as("runs sent behind another").hasValueGreaterThan(10);
        } finally {
            over.set(true);
            tormentor.join();
            pool.close();
        }
    }
}
