package lox.sync.internal.pool;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.result.StackProbe;
import lox.sync.internal.time.Timer;
import lox.sync.spi.Dialect;
import lox.sync.spi.RemoteWorkers;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: more than half of it is constructors and documentation for the adapters.
/**
 * The pool behind one {@code Workers}: its settings, the {@link Places} that its lanes run in, the functions and
 * schedulers that share them, and their common end. All methods may be called from any thread; {@link #execute} never
 * blocks.
 */
public final class LanePool implements Executor {
    private static final AtomicInteger POOLS = new AtomicInteger();

    private final String name;
    private final PoolObserver observer;
    private final int limit;
    private final QueueLimit queueLimit;
    private final TaskPolicy policy;
    private final @Nullable Places places; // null if tasks run on the thread that scatters them
    private final @Nullable RemoteWorkers remote;
    private final PoolShutdown shutdown;
    private final boolean ofScheduler;
    private final @Nullable CallingThread calling; // of functions that do not block: their lanes leave their threads
    private final @Nullable Resumption resumption; // of these lanes

    private final PoolMembers members = new PoolMembers();
    private volatile boolean closed;

    /**
     * Creates a pool whose tasks run once and without a timeout.
     *
     * @param name as below
     * @param limit as below
     * @param queueLimit how many scatters may wait in one Scatter, or {@link Integer#MAX_VALUE}
     * @param executor as below
     * @param onClose as below
     * @throws IllegalArgumentException if the limit is negative
     */
    public LanePool(String name, int limit, int queueLimit, @Nullable Executor executor, Runnable onClose) {
        this(
                new PoolObserver(name, List.of()),
                limit,
                new QueueLimit(queueLimit, RejectedExecutionException::new),
                TaskPolicy.NONE,
                executor,
                onClose);
    }

    /**
     * Creates a pool. Tasks run on the thread that scatters them if there is no executor, if the limit is zero, or
     * while {@linkplain DebugSwitch debugging is switched on}.
     *
     * @param observer the name of the Scatters and their threads, and who wants to know of their tasks
     * @param limit how many jobs may run at once; zero or more
     * @param queueLimit how many scatters may wait in one Scatter
     * @param policy the policy of every task; while debugging is switched on, there is no timeout
     * @param executor runs the jobs, or null
     * @param onClose run once, when the pool is closed
     * @throws IllegalArgumentException if the limit is negative
     */
    public LanePool(
            PoolObserver observer,
            int limit,
            QueueLimit queueLimit,
            TaskPolicy policy,
            @Nullable Executor executor,
            Runnable onClose) {
        this(observer, limit, queueLimit, policy, executor, null, onClose, Kind.OWN);
    }

    /** The owner of the executor. */
    private enum Kind {
        OWN,
        USERS,
        SCHEDULER
    }

    /**
     * Creates a pool on an executor or a library's scheduler of the user's. Lanes are handed to it without the context
     * of the thread that scatters, and lanes that an {@code ExecutorService} throws away fail.
     *
     * @param observer the name of the Scatters, and who wants to know of their tasks
     * @param limit how many jobs may run at once; zero or more
     * @param queueLimit how many scatters may wait in one Scatter
     * @param policy the policy of every task
     * @param executor runs the jobs
     * @return the pool
     * @throws IllegalArgumentException if the limit is negative
     */
    public static LanePool onExecutor(
            PoolObserver observer, int limit, QueueLimit queueLimit, TaskPolicy policy, Executor executor) {
        Kind kind = executor instanceof HookedExecutor ? Kind.SCHEDULER : Kind.USERS;
        return new LanePool(observer, limit, queueLimit, policy, executor, null, () -> {}, kind);
    }

    /**
     * Creates a pool for functions that do not block. They are called in the thread that scatters, or in the one that
     * has ended an earlier call; no thread is held until a call ends.
     *
     * @param observer the name of the Scatters, and who wants to know of their tasks
     * @param limit how many calls may be under way at once; one or more
     * @param queueLimit how many scatters may wait in one Scatter
     * @param policy the policy of every task
     * @return the pool
     */
    public static LanePool asynchronous(PoolObserver observer, int limit, QueueLimit queueLimit, TaskPolicy policy) {
        return new LanePool(observer, limit, queueLimit, policy, new CallingThread(), null, () -> {}, Kind.OWN);
    }

    /**
     * Creates a pool whose tasks run outside this JVM, or on the scattering thread, as above.
     *
     * @param observer the name of the Scatters, their threads and workers, and who wants to know of them
     * @param limit how many jobs may run at once; zero or more
     * @param queueLimit how many scatters may wait in one Scatter
     * @param policy the policy of every task; the workers enforce the timeout
     * @param executor runs the lanes, each of which borrows a worker
     * @param remote the workers; closed with the pool
     * @throws IllegalArgumentException if the limit is negative
     */
    public LanePool(
            PoolObserver observer,
            int limit,
            QueueLimit queueLimit,
            TaskPolicy policy,
            Executor executor,
            RemoteWorkers remote) {
        this(observer, limit, queueLimit, policy, executor, remote, remote::close, Kind.OWN);
    }

    private LanePool(
            PoolObserver observer,
            int limit,
            QueueLimit queueLimit,
            TaskPolicy policy,
            @Nullable Executor executor,
            @Nullable RemoteWorkers remote,
            Runnable onClose,
            Kind kind) {
        this.name = observer.name();
        this.observer = observer;
        this.limit = checkWorkers(limit);
        this.queueLimit = queueLimit;
        boolean debugging = DebugSwitch.isOn();
        this.calling = executor instanceof CallingThread callingThread ? callingThread : null;
        this.policy = debugging ? policy.withoutTimeout() : policy;
        this.places = executor == null || limit == 0 || (debugging && calling == null)
                ? null
                : new Places(name, limit, executor, kind == Kind.USERS || kind == Kind.SCHEDULER);
        this.resumption = calling == null ? null : new Resumption(this::resume);
        this.remote = places == null ? null : remote;
        this.shutdown = new PoolShutdown(this::isIdle, onClose);
        this.ofScheduler = kind == Kind.SCHEDULER;
    }

    /**
     * Checks a number of workers given by the user.
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
     * Generates a name for a pool without one.
     *
     * @param kind what its workers are
     * @return for example {@code lox-threads-1}
     */
    public static String nextName(String kind) {
        return "lox-" + kind + "-" + POOLS.incrementAndGet();
    }

    /**
     * The name.
     *
     * @return the name of the Scatters and their threads
     */
    public String name() {
        return name;
    }

    /**
     * Why what was under way when it was closed has been cancelled.
     *
     * @return a message
     */
    public String closedReason() {
        return "the Workers \"" + name + "\" were closed";
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
     * Whether tasks run on the thread that scatters them.
     *
     * @return true if there is no executor
     */
    public boolean isInline() {
        return places == null;
    }

    /**
     * Whether its functions do not block: what they return ends later.
     *
     * @return true if a lane leaves its thread meanwhile
     */
    public boolean isAsynchronous() {
        return calling != null;
    }

    /** Whether jobs run on the thread that hands them over, so that the clock's thread must not. */
    public boolean runsOnCallingThread() {
        return isInline() || isAsynchronous();
    }

    /**
     * Checks that functions may block here.
     *
     * @return this
     * @throws IllegalArgumentException if it is for functions that do not
     */
    public LanePool forBlocking() {
        if (isAsynchronous()) {
            throw new IllegalArgumentException(
                    "the Workers \"" + name + "\" are for functions that do not block: wrap one with Lox.async");
        }
        return this;
    }

    /**
     * Checks that functions must not block here.
     *
     * @return this
     * @throws IllegalArgumentException if it is for functions that may
     */
    public LanePool forAsynchronous() {
        if (!isAsynchronous()) {
            throw new IllegalArgumentException("the Workers \"" + name
                    + "\" are for functions that block: Lox.async takes those of Workers.async");
        }
        return this;
    }

    /**
     * The workers outside this JVM.
     *
     * @return null if lanes run the tasks themselves
     */
    public @Nullable RemoteWorkers remote() {
        return remote;
    }

    /** Who wants to know of the tasks and workers here. */
    public PoolObserver observer() {
        return observer;
    }

    public QueueLimit queueLimit() {
        return queueLimit;
    }

    public TaskPolicy policy() {
        return policy;
    }

    /** Whether a job waits for a place that a long-running lane might give up. */
    public boolean isContended() {
        return places != null && places.isContended();
    }

    public boolean isClosed() {
        return closed;
    }

    /** The lane as decorated by the library's schedule hooks. */
    public Runnable shown(Runnable lane, Dialect dialect) {
        return ofScheduler || isAsynchronous() ? lane : dialect.onSchedule(lane);
    }

    /** How many places are taken at present. */
    public int active() {
        return places == null ? 0 : places.taken();
    }

    /** How many tasks of all functions wait for a worker. */
    public long pending() {
        return members.pending();
    }

    /** What all functions are at. */
    public List<RunningTask> running() {
        return members.running();
    }

    /** Keeps a weak reference to a function, to end it when the pool is closed. */
    public void register(PoolFunction function) {
        members.add(function);
    }

    /** Keeps a weak reference to a client, to end it when the pool is closed; at once if that has happened. */
    public void register(PoolClient client) {
        members.add(client);
        if (closed) {
            client.shutdownNow();
        } else if (isShutdown()) {
            client.shutdown();
        }
    }

    /**
     * Runs a job as soon as there is a place, or on the calling thread if there is no executor.
     *
     * @param job the job
     * @throws RejectedExecutionException if the executor accepts no more
     */
    @Override
    public void execute(Runnable job) {
        if (places == null) {
            job.run();
        } else {
            places.execute(job);
        }
    }

    /**
     * Runs a lane as soon as there is a place, without any context of the calling thread.
     *
     * @param mayBlock whether the calling thread may wait for an executor of the user's to accept it
     * @throws RejectedExecutionException if the executor accepts no more
     */
    public void start(PoolJob lane, boolean mayBlock) {
        if (places == null) {
            lane.run();
        } else if (isAsynchronous()) {
            places.startHere(lane);
        } else {
            places.start(lane, mayBlock);
        }
    }

    /**
     * Whether {@link #tryStartHere} is likely to run a lane.
     *
     * @return false if it would not
     */
    public boolean isFreeHere() {
        return isAsynchronous() && places().isFreeHere();
    }

    /**
     * Runs a job of a function that does not block in the calling thread at once, if there is a place that nothing
     * waits for, and that thread is in no lane of this pool.
     *
     * @param job has to call {@link #runInTakenPlace} for itself when it is run
     * @param turn a {@linkplain #newTurn turn} of the caller's own; null for a new one
     * @return false if not; then nothing has been done
     */
    public boolean tryStartHere(PoolJob job, CallingThread.@Nullable Turn turn) {
        return places().tryStartHere(job, turn);
    }

    /**
     * A turn for one who calls {@link #tryStartHere} again and again, one thread at a time.
     *
     * @return null if the functions of this pool block
     */
    public CallingThread.@Nullable Turn newTurn() {
        return calling == null ? null : calling.newTurn();
    }

    /** Runs a job in the place that has been taken for it, in the calling thread, and then what waits for the place. */
    public void runInTakenPlace(PoolJob job) {
        places().resumeHere(job);
    }

    /**
     * Queues a job that runs in a place now and yields to the waiting ones: it continues after them, in this place or
     * another.
     */
    public void requeue(Runnable job) {
        places().requeue(job);
    }

    /** Whether a lane of the calling thread should leave it, because another one waits for that. */
    public boolean isWaitedFor() {
        return calling != null && calling.isWaitedFor();
    }

    /**
     * Goes on with a lane that has left its thread and kept its place.
     *
     * @param here on the calling thread as soon as that is in no other lane; or else on one of lox's own, since the
     *     calling thread has other things to do, or no {@linkplain #hasRoomToResume room}
     */
    public void resume(PoolJob lane, boolean here) {
        if (here || resumption == null) {
            resume(lane);
        } else {
            resumption.add(lane);
        }
    }

    /** Goes on with it on a thread of lox's own that it has to itself, and where it may wait. */
    public void resumeOnOwnThread(PoolJob lane) {
        CallingThread thread = calling;
        if (thread == null) {
            throw new IllegalStateException("no lane of \"" + name + "\" leaves its thread");
        }
        Timer.elsewhere(() -> thread.runBlocking(() -> places().resumeHere(lane)));
    }

    /**
     * Whether the calling thread has the stack that it takes to {@linkplain #resume resume} a lane itself.
     *
     * @throws StackOverflowError if it has not even enough to let another thread do so
     */
    public boolean hasRoomToResume() {
        return StackProbe.hasRoomToResume();
    }

    private void resume(PoolJob lane) {
        places().resume(lane);
    }

    private Places places() {
        if (places == null) {
            throw new IllegalStateException("there are no places in \"" + name + "\"");
        }
        return places;
    }

    /** Cancels everything that was scattered and not gathered, and refuses new work. Idempotent. */
    public void close() {
        if (!closed) {
            StackProbe.check();
            closed = true;
            shutdown.begin();
            members.cancelAll(closedReason());
            shutdown.end();
        }
    }

    /** Refuses new work. Accepted work still runs, including maps that have begun. */
    public void shutdown() {
        StackProbe.check();
        if (shutdown.begin()) {
            members.shutdown();
        }
    }

    /**
     * Whether new work is refused.
     *
     * @return true after the first shutdown or close
     */
    public boolean isShutdown() {
        return shutdown.hasBegun();
    }

    /**
     * Whether new work is refused and nothing is left to run.
     *
     * @return true from then on
     */
    public boolean isTerminated() {
        return shutdown.isTerminated();
    }

    /**
     * Waits until new work is refused and nothing is left to run.
     *
     * @param nanos the longest wait; none if it is zero or negative
     * @return false if it takes longer
     * @throws IllegalStateException if the calling thread is in a task of this pool, which would wait for itself
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public boolean awaitTermination(long nanos) throws InterruptedException {
        if (PoolJob.isWorkerOf(this)) {
            throw new IllegalStateException("awaitTermination of \"" + name
                    + "\" was called from inside a task of it, which would wait for itself");
        }
        return shutdown.await(nanos);
    }

    public PoolShutdown ending() {
        return shutdown;
    }

    private boolean isIdle() {
        return members.areIdle() && (places == null || places.isIdle());
    }
}
