package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One function and its workers: takes arguments, hands them to lanes, gathers results. Every Scatter of every dialect is a thin
 * coat over one of these.
 *
 * <p>Scattered arguments go into the {@linkplain Batch batch} that is open. Batches form a chain; lanes work at its front,
 * producers at its open end, and gathers stand at the seams:
 *
 * <pre>
 *   front                          open
 *     |                              |
 *     v                              v
 *   Batch (sealed) --next--&gt; … --&gt; Batch (open)
 *     ^ ^ ^                        ^
 *     lanes claim                  scatter fills
 * </pre>
 *
 * Neither side ever waits for the other. All methods may be called from any thread, from inside a task and from an observer.
 *
 * @param <A> what is scattered
 * @param <R> what is gathered
 */
public final class Dispatcher<A extends @Nullable Object, R extends @Nullable Object> {
    private static final VarHandle OPEN;
    private static final VarHandle FRONT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OPEN = lookup.findVarHandle(Dispatcher.class, "open", Batch.class);
            FRONT = lookup.findVarHandle(Dispatcher.class, "front", Batch.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Work<A, R> work;
    private final LanePool pool;
    private final Executor launcher;
    private final Dialect dialect;
    private final int capacity;
    private final Crew crew = new Crew();
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    private final @Nullable Gate gate;
    private final Briskness briskness;

    private volatile Batch open;
    private volatile Batch front;

    /**
     * Makes a dispatcher.
     *
     * @param work the function
     * @param pool where its lanes run
     * @param launcher starts a lane: the pool itself, or a library's scheduler over it
     * @param dialect the library it serves
     */
    @SuppressWarnings("this-escape")
    public Dispatcher(Work<A, R> work, LanePool pool, Executor launcher, Dialect dialect) {
        this(work, pool, launcher, dialect, Integer.MAX_VALUE);
    }

    /** With another bound on the size of a batch, for tests. */
    @SuppressWarnings("this-escape")
    Dispatcher(Work<A, R> work, LanePool pool, Executor launcher, Dialect dialect, int capacity) {
        this.work = work;
        this.pool = pool;
        this.launcher = launcher;
        this.dialect = dialect;
        this.capacity = capacity;
        this.gate = pool.queueLimit() == Integer.MAX_VALUE ? null : new Gate(pool.name(), pool.queueLimit());
        this.briskness = new Briskness(this, pool.limit());
        this.open = new Batch(this);
        this.front = open;
        pool.register(this);
    }

    // ---- for the adapters ------------------------------------------------------------------------------------------

    /**
     * Calls the function in the calling thread.
     *
     * @param argument passed on
     * @return the result
     * @throws Exception whatever the function throws
     */
    public R call(A argument) throws Exception {
        return work.run(argument);
    }

    /**
     * Hands an argument to the workers.
     *
     * @param argument passed on, null too
     * @return its index in the batch
     * @throws IllegalStateException if the pool is closed, the batch is full, or the caller would have to wait and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    public int scatter(A argument) {
        Dialect.Context context = dialect.capture();
        return put(context == null ? argument : new Envelope(argument, null, context));
    }

    /**
     * Hands an argument to the workers, with a listener for its own result.
     *
     * @param argument passed on, null too
     * @return the result to come; its last observer's leaving does not cancel the task, which belongs to the batch as well
     * @throws IllegalStateException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} does
     */
    public Completion<R> submit(A argument) {
        Completion<R> completion = new Completion<>(dialect);
        put(new Envelope(argument, completion, dialect.capture()));
        return completion;
    }

    /**
     * Counts what has been scattered and not started.
     *
     * @return over all batches; a snapshot
     */
    public int pending() {
        long pending = 0;
        for (Batch batch = front(); batch != null; batch = batch.nextIfAny()) {
            pending += batch.unclaimed();
        }
        if (briskness.isWatched()) {
            for (Lane lane : lanes) {
                pending += lane.window().unstarted();
            }
        }
        return (int) Math.min(pending, Integer.MAX_VALUE);
    }

    /**
     * Seals the batch. The gathering ends with the results in scatter order, or with the first failure.
     *
     * @param progress told how far it is, or null
     * @return the results to come
     */
    public Gathering<List<R>> gather(@Nullable ProgressSink progress) {
        return seal(Harvest::values, true, progress);
    }

    /**
     * Seals the batch. The gathering ends when all tasks have, with the results or with every failure.
     *
     * @return the results to come
     */
    public Gathering<List<R>> gatherDelayError() {
        return seal(batch -> Harvest.valuesOrAllFailures(batch, dialect), false, null);
    }

    /**
     * Seals the batch. The gathering ends when all tasks have, with one outcome each.
     *
     * @param success makes the outcome of a result
     * @param failure makes the outcome of a failure
     * @param <O> the outcome
     * @return the outcomes to come
     */
    public <O> Gathering<List<O>> gatherSettled(
            Settled.Success<? super R, ? extends O> success, Settled.Failure<? extends O> failure) {
        return seal(batch -> Harvest.<R, O>outcomes(batch, success, failure), false, null);
    }

    private <V> Gathering<V> seal(Harvest<V> harvest, boolean failsFast, @Nullable ProgressSink progress) {
        for (; ; ) {
            Batch batch = open;
            Gathering<V> gathering = new Gathering<>(batch, harvest, failsFast, progress, dialect);
            boolean sealed = batch.seal(gathering);
            moveOn(batch);
            if (sealed) {
                batch.sealed();
                return gathering;
            }
        }
    }

    /**
     * Refuses to let a task wait for the batch it belongs to. To be asked before a blocking gather seals the batch.
     *
     * @throws IllegalStateException if the calling thread is in a task of the batch that is open
     */
    public void checkNotOwnTask() {
        Batch batch = open;
        for (Lane lane = Lane.current(); lane != null; lane = lane.outer()) {
            if (lane.isIn(batch)) {
                throw new IllegalStateException("gather() of \"" + name()
                        + "\" was called from inside a task of the same batch, which would wait for itself");
            }
        }
    }

    /**
     * Waits for a gathering. In a worker of the same pool it works for the batch meanwhile. An interrupt cancels the batch.
     *
     * @param gathering made by this dispatcher
     * @param <V> what is gathered
     * @return what was gathered
     * @throws java.util.concurrent.CancellationException if the caller is interrupted, and stays so
     * @throws Throwable the failure, as it is
     */
    public <V> V await(Gathering<V> gathering) throws Throwable {
        Lane current = Lane.current();
        if (current != null && current.dispatcher().pool == pool && new Lane(this).help(gathering.batch())) {
            Thread.currentThread().interrupt();
        }
        return new Await<V>().on(gathering, name());
    }

    // ---- producers -------------------------------------------------------------------------------------------------

    private int put(@Nullable Object content) {
        if (gate != null) {
            gate.enter(Lane.isWorkerOf(pool), dialect);
        }
        try {
            return place(content);
        } catch (Throwable refused) {
            leaveGate();
            throw refused;
        }
    }

    private int place(@Nullable Object content) {
        for (; ; ) {
            if (pool.isClosed()) {
                throw new IllegalStateException("the Workers \"" + name() + "\" are closed");
            }
            Batch batch = open;
            int index = batch.reserve();
            if (index < 0) {
                moveOn(batch);
                continue;
            }
            if (pool.isInline()) {
                fill(batch, index, null, true);
                leaveGate();
                new Lane(this).runHere(batch, index, content);
            } else {
                fill(batch, index, content, false);
                if (batch.isEnded()) {
                    batch.dropUnstarted();
                } else {
                    launchIfLacking();
                }
            }
            return index;
        }
    }

    private static void fill(Batch batch, int index, @Nullable Object content, boolean started) {
        try {
            if (started) {
                batch.fillStarted(index);
            } else {
                batch.fill(index, content);
            }
        } catch (Throwable outOfMemory) { // the slot will never be full, so its batch could never complete
            batch.abort(outOfMemory);
            throw outOfMemory;
        }
    }

    /** A slot has been started or dropped: it no longer counts against the queue limit. */
    void leaveGate() {
        if (gate != null) {
            gate.release();
        }
    }

    private void moveOn(Batch sealed) {
        OPEN.compareAndSet(this, sealed, sealed.next());
    }

    // ---- lanes -----------------------------------------------------------------------------------------------------

    /** The oldest batch in which there may be something to claim. */
    Batch front() {
        for (; ; ) {
            Batch batch = front;
            Batch after = batch.isOver() ? batch.nextIfAny() : null;
            if (after == null) {
                return batch;
            }
            FRONT.compareAndSet(this, batch, after);
        }
    }

    /** Claims work at the front for a lane. */
    boolean claim(Batch batch, Window window, Pace pace) {
        int claimed = batch.claim(window, briskness.isBrisk() ? pace.run() : 1);
        if (claimed > 1) {
            briskness.watch();
        }
        return claimed > 0;
    }

    /** Lets a lane work off what another one has claimed and not started. */
    boolean share(Window window) {
        if (briskness.isWatched()) {
            for (Lane lane : lanes) {
                if (lane.window() != window && window.share(lane.window())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A searching lane has found work. If there is more, the next lane comes. */
    void found() {
        crew.found();
        if (hasUnclaimed()) {
            launchIfLacking();
        }
    }

    /** For a lane that has left: true if there is work after all, and it is counted again. */
    boolean rejoin() {
        return hasUnclaimed() && briskness.join(crew);
    }

    boolean hasUnclaimed() {
        return front().hasUnclaimed();
    }

    /** Starts a lane if nobody looks for work and there is room for one more. */
    void launchIfLacking() {
        if (briskness.lacksLane(crew) && briskness.join(crew)) {
            start(new Lane(this));
        }
    }

    /** A lane has worked off its window. If it cannot keep up with the producers alone, another one comes. */
    void finishedRun(Batch batch, Pace pace, long nanos, int tasks) {
        briskness.heed(pace.after(nanos, tasks));
        if (briskness.joinBehind(crew, batch, pace)) {
            start(new Lane(this));
        }
    }

    /** Has a lane run that is counted as searching. */
    void start(Lane lane) {
        try {
            launcher.execute(lane);
        } catch (Throwable refused) {
            crew.leave(true);
            if (crew.lanes() == 0) { // else the lanes there are get to it, one after the other
                new Lane(this).refuseAll(refused);
            }
        }
    }

    /** Interrupts the tasks of a batch that has ended. */
    void interrupt(Batch batch) {
        for (Lane lane : lanes) {
            lane.interrupt(batch);
        }
    }

    void cancelAll(String reason) {
        for (Batch batch = front(); batch != null; batch = batch.nextIfAny()) {
            batch.cancel(reason);
        }
        for (Lane lane : lanes) { // of batches that are no longer in the chain, but still running
            lane.cancelBatch(reason);
        }
    }

    @Nullable
    Object apply(@Nullable Object argument) throws Exception {
        return work.run(Slots.typed(argument));
    }

    @Nullable
    Object apply(Envelope envelope) throws Exception {
        Dialect.Context context = envelope.context();
        if (context == null) {
            return apply(envelope.argument());
        }
        Runnable former = context.restore();
        try {
            return apply(envelope.argument());
        } finally {
            former.run();
        }
    }

    /** Delivers the result of a submitted task. */
    void deliver(Completion<?> completion, int index, @Nullable Object result) {
        if (result == null && !dialect.carriesNull()) {
            completion.fail(new NullPointerException(
                    "scatter " + index + " of \"" + name() + "\" returned null, which a single result cannot carry"));
        } else {
            completion.succeed(Slots.typed(result));
        }
    }

    // ---- parts -----------------------------------------------------------------------------------------------------

    String name() {
        return pool.name();
    }

    LanePool pool() {
        return pool;
    }

    Dialect dialect() {
        return dialect;
    }

    int capacity() {
        return capacity;
    }

    Crew crew() {
        return crew;
    }

    Briskness briskness() {
        return briskness;
    }

    Set<Lane> lanes() {
        return lanes;
    }
}
