package lox.sync.internal.core;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.PoolFunction;
import lox.sync.internal.pool.RunningTask;
import lox.sync.internal.result.Completion;
import lox.sync.internal.result.StackProbe;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.Dialect;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: this is the adapters' only entry point to the engine, and half of it is documentation.
/**
 * One function and its workers: accepts arguments, hands them to lanes and gathers the results. Every Scatter of every
 * dialect is a thin wrapper around a dispatcher.
 *
 * <p>Scattered arguments go into the open {@linkplain Batch batch}, where {@linkplain Lanes lanes} find them. Producers
 * and lanes never wait for each other. All methods may be called from any thread, from inside a task and from an
 * observer.
 *
 * @param <A> the type of the arguments
 * @param <R> the type of the results
 */
public final class Dispatcher<A extends @Nullable Object, R extends @Nullable Object> extends ScatterTarget<A, R> {
    /** Supplies the queues of a dispatcher whose slots are not single tasks: that of a later function of a chain. */
    public interface QueueOwner extends RunnerFactory {
        /** Makes the next queue. */
        Batch queue(BatchOwner owner);

        /** Puts back a task that the caller has taken, into the queue. */
        void putBack(Batch home, Slots.Chunk chunk, int index, @Nullable Object content);
    }

    private final Owner owner = new Owner();
    private final List<ChainStep> steps;
    private final LanePool pool;
    private final Dialect dialect;
    private final int capacity;
    private final int concurrency;
    private final @Nullable NextStage next;
    private final FunctionObserver observer;
    private final TaskFailures failures;
    private final QueueLimiter limiter;
    private final @Nullable DelayedRetries retries; // null if no task waits between two attempts
    private final BatchChain batches;
    private final WorkSources sources;
    private final Lanes lanes;
    private final ChainPools pools;
    private final Submitter submitter;
    private final ResultAssembler<R> single; // one for all submissions

    /**
     * Makes the dispatcher of a function, or of a chain.
     *
     * @param steps the functions of the chain; the first one is this dispatcher's
     * @param capacity the maximum number of tasks in a batch
     * @param runners makes the runner of each lane
     * @param next the second function of the chain, or null
     */
    public Dispatcher(
            List<ChainStep> steps, Dialect dialect, int capacity, RunnerFactory runners, @Nullable NextStage next) {
        this(steps, dialect, capacity, runners, next, null);
        pool.register(owner);
    }

    /**
     * Makes the dispatcher of a later function of a chain. The stage of that function registers with the pool and ends
     * this dispatcher.
     */
    public Dispatcher(ChainStep step, Dialect dialect, QueueOwner queues, @Nullable NextStage next) {
        this(List.of(step), dialect, Integer.MAX_VALUE, queues, next, queues);
    }

    private Dispatcher(
            List<ChainStep> steps,
            Dialect dialect,
            int capacity,
            RunnerFactory runners,
            @Nullable NextStage next,
            @Nullable QueueOwner queues) {
        StackProbe.check();
        this.steps = steps;
        this.pool = steps.get(0).pool();
        this.dialect = dialect;
        this.capacity = capacity;
        this.concurrency = concurrency(steps);
        this.next = next;
        this.observer = pool.observer().function(steps.get(0).work(), dialect);
        this.failures = new TaskFailures(pool, observer);
        this.limiter = new QueueLimiter(pool.name(), pool.queueLimit());
        this.retries = pool.policy().retry().isDelayed() && !pool.isInline()
                ? new DelayedRetries(pool, limiter, observer, queues == null ? null : queues::putBack)
                : null;
        LaneSettings settings =
                new LaneSettings(steps.get(0).work(), pool, dialect, failures, limiter, observer, next, retries);
        this.batches =
                new BatchChain(queues == null ? before -> new Batch(owner, capacity) : before -> queues.queue(owner));
        this.sources = new WorkSources(batches, retries);
        this.lanes = new Lanes(settings, sources, runners, queues != null);
        if (retries != null) {
            retries.launchBy(lanes::launchIfLacking);
        }
        this.single = batch -> Unchecked.<R>cast(ResultAssembler.single(batch, dialect));
        this.pools = new ChainPools(pool, next);
        this.submitter = new Submitter(settings, pools, batches, sources.submissions(), lanes, queues != null);
    }

    // ---- for the adapters ------------------------------------------------------------------------------------------

    /**
     * Calls the function, or all functions of a chain, in the calling thread, and waits for what a function that does
     * not block returns.
     *
     * @param argument the argument
     * @return the result
     * @throws IllegalStateException if the calling thread would have to wait and must not
     * @throws Exception if a function throws it
     */
    public R call(A argument) throws Exception {
        Object result = argument;
        for (ChainStep step : steps) {
            result = step.pool().isAsynchronous()
                    ? BlockingCall.of(step, result, dialect)
                    : TaskRunner.apply(step.work(), result);
        }
        return Unchecked.cast(result);
    }

    /**
     * Hands an argument to the workers and returns a gathering of its own. The task belongs to no open batch; tasks
     * start in the order of the calls.
     *
     * @param argument the argument, may be null
     * @return the result to come; when the last observer of the result leaves, the task is cancelled
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} does
     */
    public Gathering<R> submit(A argument) {
        Dialect.Context context = dialect.capture();
        Submission submission = new Submission(owner, sources.submissions());
        Gathering<R> result = new Gathering<>(submission, single, false, dialect);
        submission.tell(result);
        try {
            submitter.put(context == null ? argument : new Envelope(argument, context), submission);
        } catch (Throwable refused) {
            result.failureIsKnown(); // the caller receives it, and no result
            throw refused;
        }
        return result;
    }

    /**
     * Counts the tasks that have been scattered and not started.
     *
     * @return the count over all batches; a snapshot
     */
    @Override
    public int pending() {
        if (pool.isInline()) {
            return 0;
        }
        long pending = 0;
        for (Batch batch : batches) {
            pending += batch.unstarted();
        }
        for (WorkSource source : sources.others()) {
            pending += source.unstarted();
        }
        pending += sources.submissions().waiting().size() + lanes.claimedSubmissions();
        return (int) Math.min(pending, Integer.MAX_VALUE);
    }

    @Override
    int put(@Nullable Object content) {
        return submitter.put(content);
    }

    @Override
    public void checkMayWait() {
        CooperativeWait.checkMayWait(pool);
        for (NextStage after = next; after != null; after = after.next()) {
            CooperativeWait.checkMayWait(after.pool());
        }
    }

    @Override
    public boolean seal(Batch batch, Gathering<?> gathering, @Nullable ProgressSink progress) {
        boolean sealed = batch.seal(gathering, progress);
        batches.moveOn(batch);
        return sealed;
    }

    /**
     * The most tasks that run at once: those of all functions of a chain, counting workers that several of them share
     * once.
     *
     * @return 0 if everything runs in the calling thread
     */
    public int concurrency() {
        return concurrency;
    }

    private static int concurrency(List<ChainStep> steps) {
        long limits = steps.stream()
                .map(ChainStep::pool)
                .distinct()
                .filter(workers -> !workers.isInline())
                .mapToLong(LanePool::limit)
                .sum();
        return (int) Math.min(Integer.MAX_VALUE, limits);
    }

    /**
     * The default for how far a map's source may run ahead. Results held back by an earlier task that is slow count, so
     * as many elements as there are workers would leave most of these idle where tasks differ in time.
     *
     * @return four elements for each worker
     */
    public int defaultAhead() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, 4L * concurrency()));
    }

    /**
     * The default for a map by key, where elements that wait for another of their key count, too.
     *
     * @return 256, or four for each worker if that is more
     */
    public int defaultAheadByKey() {
        return Math.max(256, defaultAhead());
    }

    /**
     * Validates how far a map's source may run ahead.
     *
     * @param ahead 0 or more; 0 counts as 1, so that the size of any list is valid, even of an empty one
     * @return 1 or more
     * @throws IllegalArgumentException if it is negative
     */
    public static int checkAhead(int ahead) {
        if (ahead < 0) {
            throw new IllegalArgumentException("ahead must be 0 or more, but was " + ahead);
        }
        return Math.max(1, ahead);
    }

    /**
     * Waits for a gathering. A worker of the same pool works for the batch meanwhile. An interrupt cancels the batch.
     *
     * @param gathering made by this dispatcher
     * @param <V> what is gathered
     * @return what was gathered
     * @throws java.util.concurrent.CancellationException if the caller is interrupted; its interrupt flag stays set
     * @throws Throwable the failure, unwrapped
     */
    public <V> V await(Gathering<V> gathering) throws Throwable {
        Batch batch = gathering.batch();
        return new Await<V>(batch == null ? null : help(batch)).on(gathering, name());
    }

    /**
     * If the calling thread is a worker of the same pool, works for the batch of a gathering. Call before the thread
     * waits other than by {@link #await}, so that it waits only for tasks that other threads run.
     *
     * @param gathering made by this dispatcher
     * @throws IllegalStateException if the calling thread is in a task that it would wait for
     */
    public void help(Gathering<?> gathering) {
        Batch batch = gathering.batch();
        if (batch != null) {
            help(batch, gathering);
        }
    }

    private void help(Batch batch, Completion<?> awaited) {
        if (Lane.isInTaskOf(batch)) {
            throw new IllegalStateException("a task of \"" + name() + "\" would wait for its own result");
        }
        CooperativeWait meanwhile = help(batch);
        while (meanwhile != null
                && !awaited.isEnded()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(awaited, meanwhile.work());
        }
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    /**
     * If the caller is a worker of the same pool, works for a batch that the caller is about to wait for. Returns the
     * work that the caller has to do periodically while it waits, or null.
     */
    @Nullable
    public CooperativeWait help(Batch batch) {
        CooperativeWait.first(pool, lanes, batch);
        return CooperativeWait.meanwhile(pool, lanes, retries, next, batch);
    }

    /**
     * Whether something is left to run, here or in later stages. Meaningful once no new work is accepted. Work moves
     * one way: from the batches to the lanes, from the lanes to the queue of the next stage, and so on. The checks
     * follow that order, so a later check finds work that has moved on meanwhile. Only a task that is tried again moves
     * back; if one has been delayed during the checks, there may be work.
     */
    public boolean hasWork() {
        DelayedRetries again = retries;
        if (again == null) {
            return hasWorkOnItsWay();
        }
        long before = again.delayed();
        return !again.isEmpty() || hasWorkOnItsWay() || again.delayed() != before;
    }

    private boolean hasWorkOnItsWay() {
        for (Batch batch : batches) {
            if (batch.hasUnfinished()) {
                return true;
            }
        }
        for (WorkSource source : sources.others()) {
            if (source.isScattered() && source.batches().open().hasUnfinished()) { // maps are counted by the pool
                return true;
            }
        }
        return sources.submissions().front() != null
                || !lanes.isIdle()
                || lanes.hasUnclaimed()
                || (next != null && next.hasWork());
    }

    /** Cancels all batches with unfinished tasks. Other batches can still be gathered. */
    public void cancelAll(String reason) {
        for (Batch batch : batches) {
            if (!batch.isIdle()) {
                batch.cancel(reason);
            }
            batch.tellUngathered();
        }
        for (WorkSource source : sources.others()) {
            source.stop(new CancellationException(reason));
        }
        for (Submission submission : sources.submissions().waiting()) {
            submission.cancel(reason);
        }
        lanes.cancelAll(reason);
        if (retries != null) {
            retries.cancelAll(reason);
        }
        if (next != null) {
            next.cancelAll(reason);
        }
    }

    /** Lets go of a batch that has ended and whose tasks that waited for another attempt have been dropped. */
    public void releaseRetries(Batch ended) {
        if (retries != null) {
            retries.release(ended);
        }
    }

    /** The dispatcher as its batches and its pool see it. */
    private final class Owner implements BatchOwner, PoolFunction {
        @Override
        public String name() {
            return pool.name();
        }

        @Override
        public Dialect dialect() {
            return dialect;
        }

        @Override
        public FunctionObserver observer() {
            return observer;
        }

        @Override
        public @Nullable FunctionObserver observer(byte waiting) {
            if (next == null) {
                return observer;
            }
            return waiting == Slots.DELAYED ? null : waiting == Slots.FULL ? observer : next.observer(waiting);
        }

        @Override
        public void leaveQueue() {
            limiter.leave();
        }

        @Override
        public void leaveQueue(byte waiting) {
            if (next != null) {
                next.leave(waiting);
            }
        }

        @Override
        public void interrupt(Batch ended) {
            lanes.interrupt(ended);
            if (next != null) {
                next.interrupt(ended);
            }
        }

        @Override
        public void release(Batch ended) {
            releaseRetries(ended);
            if (next != null) {
                next.release(ended);
            }
        }

        @Override
        public void cancelAll(String reason) {
            Dispatcher.this.cancelAll(reason);
        }

        @Override
        public long pending() {
            return Dispatcher.this.pending();
        }

        @Override
        public List<RunningTask> running() {
            return lanes.running();
        }

        @Override
        public boolean isQuiet() {
            return !hasWork();
        }

        @Override
        public void launchForMore() {
            lanes.launchForMore();
        }

        @Override
        public int lowestUnstarted(Batch batch, int head) {
            return lanes.lowestUnstarted(batch, head);
        }

        @Override
        public void help(Batch batch, Completion<?> awaited) {
            Dispatcher.this.help(batch, awaited);
        }
    }

    // ---- parts -----------------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return pool.name();
    }

    public BatchOwner owner() {
        return owner;
    }

    public List<ChainStep> steps() {
        return steps;
    }

    @Nullable
    public NextStage next() {
        return next;
    }

    public LanePool pool() {
        return pool;
    }

    /**
     * Whether a function does not block, of the chain if there are several.
     *
     * @return true if so
     */
    public boolean isAsynchronous() {
        return steps.stream().anyMatch(step -> step.pool().isAsynchronous());
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    public int capacity() {
        return capacity;
    }

    public TaskFailures failures() {
        return failures;
    }

    public FunctionObserver observer() {
        return observer;
    }

    public QueueLimiter limiter() {
        return limiter;
    }

    @Override
    public BatchChain batches() {
        return batches;
    }

    public WorkSources sources() {
        return sources;
    }

    public Lanes lanes() {
        return lanes;
    }

    public ChainPools pools() {
        return pools;
    }

    public Submitter submitter() {
        return submitter;
    }
}
