package lox.sync.engine;

import java.util.Collections;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind one {@code Workers}: an executor of which at most {@code limit} places are used at once, whoever asks,
 * first come, first served. Lanes of several Scatters share it, and so does the work that users put on a Scatter's scheduler.
 *
 * <p>{@link #execute} never blocks. A job that finds no place waits in a queue; whoever gives a place back runs the next job in
 * it first. All methods may be called from any thread.
 */
public final class LanePool implements Executor {
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final String name;
    private final int limit;
    private final int queueLimit;
    private final TaskPolicy policy;
    private final @Nullable Executor executor;
    private final @Nullable RemoteWorkers remote;
    private final Runnable onClose;

    private final AtomicInteger places = new AtomicInteger();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Set<Dispatcher<?, ?>> dispatchers =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private volatile boolean closed;

    /**
     * Makes a pool whose tasks run once, for as long as they take.
     *
     * @param name as below
     * @param limit as below
     * @param queueLimit as below
     * @param executor as below
     * @param onClose as below
     * @throws IllegalArgumentException if the limit is negative
     */
    public LanePool(String name, int limit, int queueLimit, @Nullable Executor executor, Runnable onClose) {
        this(name, limit, queueLimit, TaskPolicy.NONE, executor, onClose);
    }

    /**
     * Makes a pool. Tasks run in the thread that scatters them if there is no executor, if the limit is zero, or while
     * debugging is switched on: environment variable {@code LOX_DEBUG=true} or system property {@code lox.debug=true}.
     *
     * @param name how the Scatters and their threads are called
     * @param limit how many jobs may run at once; zero or more
     * @param queueLimit how many scatters may wait in one Scatter, or {@link Integer#MAX_VALUE}
     * @param policy what holds for every task; while debugging is switched on, there is no timeout
     * @param executor runs the jobs, or null
     * @param onClose run once, when the pool is closed
     * @throws IllegalArgumentException if the limit is negative
     */
    public LanePool(
            String name, int limit, int queueLimit, TaskPolicy policy, @Nullable Executor executor, Runnable onClose) {
        this(name, limit, queueLimit, policy, executor, null, onClose);
    }

    /**
     * Makes a pool whose tasks run outside this JVM, or in the scattering thread, as above.
     *
     * @param name how the Scatters, their threads and workers are called
     * @param limit how many jobs may run at once; zero or more
     * @param queueLimit how many scatters may wait in one Scatter, or {@link Integer#MAX_VALUE}
     * @param policy what holds for every task; the time is the workers' to watch
     * @param executor runs the lanes, each of which borrows a worker
     * @param remote the workers; closed with the pool
     * @throws IllegalArgumentException if the limit is negative
     */
    public LanePool(
            String name, int limit, int queueLimit, TaskPolicy policy, Executor executor, RemoteWorkers remote) {
        this(name, limit, queueLimit, policy, executor, remote, remote::close);
    }

    private LanePool(
            String name,
            int limit,
            int queueLimit,
            TaskPolicy policy,
            @Nullable Executor executor,
            @Nullable RemoteWorkers remote,
            Runnable onClose) {
        this.name = name;
        this.limit = checkWorkers(limit);
        this.queueLimit = queueLimit;
        boolean debugging = isDebugging();
        this.policy = debugging ? policy.withoutTimeout() : policy;
        this.executor = limit == 0 || debugging ? null : executor;
        this.remote = this.executor == null ? null : remote;
        this.onClose = onClose;
    }

    /**
     * Checks a number of workers where it enters.
     *
     * @param workers zero or more
     * @return the same
     * @throws IllegalArgumentException if it is negative
     */
    public static int checkWorkers(int workers) {
        if (workers < 0) {
            throw new IllegalArgumentException(
                    "workers must be 0 (run in the caller's thread) or more, but was " + workers);
        }
        return workers;
    }

    /**
     * Makes a name for a pool that its user gave none.
     *
     * @param kind what its workers are
     * @return for example {@code lox-threads-1}
     */
    public static String nextName(String kind) {
        return "lox-" + kind + "-" + POOLS.incrementAndGet();
    }

    private static boolean isDebugging() {
        return Boolean.getBoolean("lox.debug") || "true".equalsIgnoreCase(System.getenv("LOX_DEBUG"));
    }

    /**
     * The name.
     *
     * @return how the Scatters and their threads are called
     */
    public String name() {
        return name;
    }

    /**
     * The most jobs at once.
     *
     * @return at least 1
     */
    public int limit() {
        return limit;
    }

    /**
     * Tells whether tasks run in the thread that scatters them.
     *
     * @return true if there is no executor
     */
    public boolean isInline() {
        return executor == null;
    }

    /**
     * The workers outside this JVM.
     *
     * @return null where lanes run the tasks themselves
     */
    public @Nullable RemoteWorkers remote() {
        return remote;
    }

    int queueLimit() {
        return queueLimit;
    }

    TaskPolicy policy() {
        return policy;
    }

    /** Whether a job waits for a place that a long-running lane might give up. */
    boolean isContended() {
        return !waiting.isEmpty();
    }

    boolean isClosed() {
        return closed;
    }

    void register(Dispatcher<?, ?> dispatcher) {
        dispatchers.add(dispatcher);
    }

    /**
     * Runs a job as soon as there is a place, in the calling thread if there is no executor.
     *
     * @param job the job
     * @throws RejectedExecutionException if the executor takes no more
     */
    @Override
    public void execute(Runnable job) {
        if (executor == null) {
            job.run();
            return;
        }
        waiting.add(job);
        RejectedExecutionException refusal = null;
        while (!waiting.isEmpty() && takePlace()) {
            Place place = new Place();
            try {
                executor.execute(place);
                break;
            } catch (Throwable thrown) {
                if (!place.cancel()) {
                    break; // it throws, and runs the place all the same
                }
                int others = places.decrementAndGet();
                if (refusal == null && waiting.remove(job)) {
                    refusal = refusal(thrown);
                } else if (others == 0) {
                    runOrphan();
                }
                if (others > 0) {
                    break; // whoever has that place looks at the queue before he gives it back, and after
                }
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    /** For a job that runs in a place now and wants to go on when the others have had their turn: in this place, or another. */
    void requeue(Runnable job) {
        waiting.add(job);
    }

    private RejectedExecutionException refusal(Throwable thrown) {
        return thrown instanceof RejectedExecutionException rejected
                ? rejected
                : new RejectedExecutionException("the executor of \"" + name + "\" failed", thrown);
    }

    /** Somebody else's job lies there and nobody may be left to run it. Better in this thread than never. */
    private void runOrphan() {
        Runnable orphan = waiting.poll();
        if (orphan != null) {
            run(orphan);
        }
    }

    private boolean takePlace() {
        for (; ; ) {
            int taken = places.get();
            if (taken >= limit) {
                return false;
            }
            if (places.compareAndSet(taken, taken + 1)) {
                return true;
            }
        }
    }

    private static void run(Runnable job) {
        try {
            job.run();
        } catch (Throwable thrown) {
            Uncaught.report(thrown);
        }
    }

    /**
     * One place of the executor. Runs jobs until none is left; gives the place back, then looks again: a job may have come in
     * between. An executor may throw and run it nevertheless, or may have run it already: one of the two counts.
     */
    private final class Place extends AtomicBoolean implements Runnable {
        private static final long serialVersionUID = 1L;

        /** True if the place has not been used, and never will be. */
        boolean cancel() {
            return compareAndSet(false, true);
        }

        @Override
        public void run() {
            if (compareAndSet(false, true)) {
                do {
                    for (Runnable job = waiting.poll(); job != null; job = waiting.poll()) {
                        Thread.interrupted(); // what the job before has left, as an executor does between two jobs
                        LanePool.run(job);
                    }
                    places.decrementAndGet();
                } while (!waiting.isEmpty() && takePlace());
            }
        }
    }

    /**
     * Cancels everything that was scattered and not gathered, and refuses what comes after. Does nothing the second time.
     */
    public void close() {
        if (!closed) {
            closed = true;
            Dispatcher<?, ?>[] all;
            synchronized (dispatchers) {
                all = dispatchers.toArray(new Dispatcher<?, ?>[0]);
            }
            for (Dispatcher<?, ?> dispatcher : all) {
                dispatcher.cancelAll("the Workers \"" + name + "\" were closed");
            }
            onClose.run();
        }
    }
}
