package lox.sync.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One function and its workers: takes arguments, hands them to lanes, gathers results. Every Scatter of every dialect is a thin
 * coat over one of these.
 *
 * <p>Scattered arguments go into the {@linkplain Batch batch} that is open, where {@linkplain Lane lanes} find them. Neither side
 * ever waits for the other. All methods may be called from any thread, from inside a task and from an observer.
 *
 * @param <A> what is scattered
 * @param <R> what is gathered
 */
public final class Dispatcher<A extends @Nullable Object, R extends @Nullable Object> {
    private final Work<?, ?> work;
    private final LanePool pool;
    private final Executor launcher;
    private final Dialect dialect;
    private final int capacity;
    private final TaskRunner runner;
    private final BatchChain batches;
    private final Fronts fronts;
    private final Lanes lanes;
    private final Intake intake;
    private final @Nullable Stage stage;
    private final List<Stage.Step> following;
    private final @Nullable Stage next;

    /**
     * Makes a dispatcher.
     *
     * @param work the function
     * @param pool where its lanes run
     * @param launcher starts a lane: the pool itself, or a library's hook and then the pool
     * @param dialect the library it serves
     */
    public Dispatcher(Work<A, R> work, LanePool pool, Executor launcher, Dialect dialect) {
        this(work, pool, launcher, dialect, Integer.MAX_VALUE);
    }

    /** With another bound on the size of a batch, for tests. */
    Dispatcher(Work<A, R> work, LanePool pool, Executor launcher, Dialect dialect, int capacity) {
        this(new Stage.Step(work, pool, launcher), List.of(), dialect, capacity);
    }

    /** The first function of a chain, or the only one. */
    private Dispatcher(Stage.Step own, List<Stage.Step> following, Dialect dialect, int capacity) {
        this(own, following, Stage.first(following, dialect), dialect, capacity, null);
    }

    /** A later function of a chain. */
    Dispatcher(Stage.Step own, Stage stage, Dialect dialect, @Nullable Stage next) {
        this(own, List.of(), next, dialect, Integer.MAX_VALUE, stage);
    }

    @SuppressWarnings("this-escape")
    private Dispatcher(
            Stage.Step own,
            List<Stage.Step> following,
            @Nullable Stage next,
            Dialect dialect,
            int capacity,
            @Nullable Stage stage) {
        this.work = own.work();
        this.pool = own.pool();
        this.launcher = own.launcher();
        this.dialect = dialect;
        this.capacity = capacity;
        this.stage = stage;
        this.following = following;
        this.next = next;
        this.runner = new TaskRunner(work, pool, dialect, next);
        this.batches = new BatchChain(before -> new Batch(this, capacity));
        this.fronts = new Fronts(batches);
        this.lanes = new Lanes(this, fronts, launcher, pool.limit());
        this.intake = new Intake(this);
        pool.register(this);
    }

    // ---- for the adapters ------------------------------------------------------------------------------------------

    /**
     * Calls the function, or all functions of a chain, in the calling thread.
     *
     * @param argument passed on
     * @return the result
     * @throws Exception whatever a function throws
     */
    public R call(A argument) throws Exception {
        Object result = TaskRunner.apply(work, argument);
        for (Stage after = next; after != null; after = after.next()) {
            result = after.call(result);
        }
        return Slots.typed(result);
    }

    /**
     * Chains another function to this one. The two that are given keep batches of their own.
     *
     * @param second takes the results; only its function and its workers are used
     * @param <S> what the second one gives
     * @throws IllegalArgumentException if the chain would have more than 121 functions
     * @return the chain; its batches are gathered in the order of its scatters
     */
    public <S extends @Nullable Object> Dispatcher<A, S> then(Dispatcher<? super R, S> second) {
        List<Stage.Step> steps = new ArrayList<>(following);
        steps.add(new Stage.Step(second.work, second.pool, second.launcher));
        steps.addAll(second.following);
        if (steps.size() > Slots.MOST_STAGES) {
            throw new IllegalArgumentException("a chain has at most " + (Slots.MOST_STAGES + 1)
                    + " functions, but with next it would have " + (steps.size() + 1));
        }
        return new Dispatcher<>(new Stage.Step(work, pool, launcher), List.copyOf(steps), dialect, capacity);
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
        return intake.put(context == null ? argument : new Envelope(argument, null, context));
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
        intake.put(new Envelope(argument, completion, dialect.capture()));
        return completion;
    }

    /**
     * Counts what has been scattered and not started.
     *
     * @return over all batches; a snapshot
     */
    public int pending() {
        if (pool.isInline()) {
            return 0;
        }
        long pending = 0;
        for (Batch batch : batches) {
            pending += batch.unstarted();
        }
        for (Passage<?, ?> passage : fronts.passages()) {
            pending += passage.unstarted();
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

    /**
     * Seals the batch. Its results can be followed one by one, and the first failure ends it.
     *
     * @param asCompleted in the order in which tasks end, or else in scatter order
     * @return the results to come
     */
    public ResultStream<R> stream(boolean asCompleted) {
        for (; ; ) {
            Batch batch = batches.open();
            ResultStream<R> stream = new ResultStream<>(batch, asCompleted, name(), dialect);
            boolean sealed = batch.seal(stream.gathering(), null);
            batches.moveOn(batch);
            if (sealed) {
                stream.begin(batch);
                batch.sealed();
                return stream;
            }
        }
    }

    private <V> Gathering<V> seal(Harvest<V> harvest, boolean failsFast, @Nullable ProgressSink progress) {
        for (; ; ) {
            Batch batch = batches.open();
            Gathering<V> gathering = new Gathering<>(batch, harvest, failsFast, dialect);
            boolean sealed = batch.seal(gathering, progress);
            batches.moveOn(batch);
            if (sealed) {
                batch.sealed();
                return gathering;
            }
        }
    }

    /**
     * Maps a stream, in order, side by side.
     *
     * @param downstream receives the results
     * @param ahead the most elements under way: the demand that the source sees
     * @param delayError whether a task's failure waits until all others have run
     * @param context restored around each task, or null
     * @return to be subscribed to the source
     */
    public Mapping<A, R> map(
            Mapping.Downstream<? super R> downstream,
            int ahead,
            boolean delayError,
            Dialect.@Nullable Context context) {
        return new Mapping<>(this, downstream, ahead, delayError, context);
    }

    /**
     * Maps what is pulled, in order, side by side.
     *
     * @param source asked in the thread that pulls
     * @param ahead the most elements under way
     * @param delayError whether a task's failure waits until all others have run
     * @return to be pulled from
     */
    public Pulling<A, R> pull(Spliterator<? extends A> source, int ahead, boolean delayError) {
        return new Pulling<>(this, source, ahead, delayError);
    }

    /**
     * How far a map's source may run ahead if its user does not say.
     *
     * @return one element for each worker
     */
    public int defaultAhead() {
        return Math.max(1, pool.limit());
    }

    /**
     * Checks how far a map's source may run ahead, where it enters.
     *
     * @param ahead 1 or more
     * @return the same
     * @throws IllegalArgumentException if it is below 1
     */
    public static int checkAhead(int ahead) {
        if (ahead < 1) {
            throw new IllegalArgumentException("ahead must be 1 or more, but was " + ahead);
        }
        return ahead;
    }

    /**
     * Refuses to let a task wait for the batch it belongs to. To be asked before a blocking gather seals the batch.
     *
     * @throws IllegalStateException if the calling thread is in a task of the batch that is open
     */
    public void checkNotOwnTask() {
        Batch batch = batches.open();
        if (Lane.isInTaskOf(batch)) {
            throw new IllegalStateException("gather() of \"" + name()
                    + "\" was called from inside a task of the same batch, which would wait for itself");
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
        Batch batch = gathering.batch();
        Helping meanwhile = null;
        if (batch != null) {
            Helping.first(this, batch);
            meanwhile = Helping.meanwhile(this, batch);
        }
        return new Await<V>(meanwhile).on(gathering, name());
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    /** Ends the queue of a stage, for nobody, so that the next one begins. */
    void renew(Batch queue) {
        Gathering<Object> nobody = new Gathering<>(queue, batch -> Stage.NOTHING, false, dialect);
        boolean sealed = queue.seal(nobody, null);
        batches.moveOn(queue);
        if (sealed) {
            queue.sealed();
        }
    }

    /** Cancels whatever has not ended. What has can still be gathered. */
    void cancelAll(String reason) {
        for (Batch batch : batches) {
            if (!batch.isIdle()) {
                batch.cancel(reason);
            }
        }
        for (Passage<?, ?> passage : fronts.passages()) {
            passage.stop(new CancellationException(reason));
        }
        lanes.cancelAll(reason);
        if (next != null) {
            next.cancelAll(reason);
        }
    }

    // ---- parts -----------------------------------------------------------------------------------------------------

    String name() {
        return pool.name();
    }

    Work<?, ?> work() {
        return work;
    }

    /** As which of a chain's later functions it works: then its slots are a queue of spans. Null for the first, or only, one. */
    @Nullable
    Stage stage() {
        return stage;
    }

    @Nullable
    Stage next() {
        return next;
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

    TaskRunner runner() {
        return runner;
    }

    BatchChain batches() {
        return batches;
    }

    Fronts fronts() {
        return fronts;
    }

    Lanes lanes() {
        return lanes;
    }

    Intake intake() {
        return intake;
    }
}
