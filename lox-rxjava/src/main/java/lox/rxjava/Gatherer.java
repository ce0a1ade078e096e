package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.exceptions.CompositeException;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import lox.sync.GatherOptions;
import lox.sync.GatherTimeoutException;
import lox.sync.Outcome;
import lox.sync.Progress;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.core.Deadline;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.GatherSettings;
import lox.sync.internal.core.OwnBatch;
import lox.sync.internal.core.ScatterTarget;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.stream.ResultStream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;

// Links in first sentences have a label: Javadoc's index, where this class is not shown, would name it otherwise.
/**
 * What functions and their batches share: the ways to gather.
 *
 * @param <A> what goes into the engine
 * @param <R> the type of the results
 */
abstract sealed class Gatherer<A extends @Nullable Object, R extends @Nullable Object>
        permits WrappedFunction, Batch, BiBatch {
    private static final Deadline.Clock CLOCK =
            (action, nanos) -> Schedulers.computation().scheduleDirect(action, nanos, TimeUnit.NANOSECONDS)::dispose;

    private final Dispatcher<A, R> dispatcher;
    private final ScatterTarget<A, R> target;
    private final LanePool pool;

    Gatherer(LanePool pool, Dispatcher<A, R> dispatcher) {
        this.pool = pool;
        this.dispatcher = dispatcher;
        this.target = dispatcher;
    }

    /** A batch of its own on a function. */
    Gatherer(Gatherer<A, R> function, OwnBatch<A, R> batch) {
        this.pool = function.pool;
        this.dispatcher = function.dispatcher;
        this.target = batch;
    }

    final Dispatcher<A, R> dispatcher() {
        return dispatcher;
    }

    final LanePool pool() {
        return pool;
    }

    final String name() {
        return pool.name();
    }

    final int add(A argument) {
        return target.scatter(argument);
    }

    final void addAll(Iterable<? extends A> arguments) {
        target.scatterAll(arguments);
    }

    private static <V> Flowable<V> flowable(ResultStream<V> stream) {
        return Flowable.fromPublisher(FlowAdapters.toPublisher(stream));
    }

    /**
     * Counts what has been scattered and has not started: for a function over all of its batches, for a batch of its
     * own in that batch.
     *
     * @return a snapshot
     */
    public int pending() {
        return target.pending();
    }

    /**
     * Closes the batch at once, at this call and not at subscription. If a task fails, what has not started is dropped,
     * what runs is interrupted, and the failure that came first in time is the signal. Later scatters to the
     * function belong to its next batch.
     *
     * <p>The Single is hot and cached: work goes on whether or not anybody subscribes, and any number of observers,
     * early or late, get the same list. When the last one is disposed of before the end, what has not started is
     * dropped and what runs is interrupted; a later subscriber gets a
     * {@link java.util.concurrent.CancellationException}.
     *
     * <p>If nobody ever subscribes, a failure goes to {@code RxJavaPlugins.onError}, once, when the Single has become
     * garbage. The same holds for everything that a gather or {@code submit} returns.
     *
     * @return the results in scatter order, null results included, unmodifiable; an empty list if nothing was scattered
     */
    public Single<List<R>> gather() {
        return SingleCompletion.of(target.gather(null));
    }

    /**
     * The same as {@link #gather() gather()}, with progress told meanwhile, from now on and without an observer too.
     *
     * @param progress receives the updates
     * @return the results in scatter order
     * @throws NullPointerException if {@code progress} is null
     */
    public Single<List<R>> gather(Progress progress) {
        return gather(GatherOptions.create().progress(progress));
    }

    /**
     * The same as {@link #gather() gather()}, with options, from now on and without a subscriber too.
     *
     * @param options progress and timeout
     * @return the results in scatter order, or a {@link GatherTimeoutException} if they are not there in time
     * @throws NullPointerException if {@code options} is null
     */
    public Single<List<R>> gather(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        return SingleCompletion.of(target.gather(settings.progress()).until(deadline));
    }

    /**
     * Closes the batch at this call. Signals when every task has run, whatever becomes of the others; hot and cached as
     * {@link #gather()}.
     *
     * @return the results in scatter order; or the failure if there was one; or all failures as a
     *     {@link CompositeException}
     */
    public Single<List<R>> gatherDelayError() {
        return SingleCompletion.of(target.gatherDelayError(null));
    }

    /**
     * The same as {@link #gatherDelayError() gatherDelayError()}, with progress told meanwhile, the number of failures
     * included.
     *
     * @param progress receives the updates
     * @return the results in scatter order, or the failures
     * @throws NullPointerException if {@code progress} is null
     */
    public Single<List<R>> gatherDelayError(Progress progress) {
        return gatherDelayError(GatherOptions.create().progress(progress));
    }

    /**
     * The same as {@link #gatherDelayError() gatherDelayError()}, with options. Progress includes the number of
     * failures.
     *
     * @param options progress and timeout
     * @return the results in scatter order, or the failures, or a {@link GatherTimeoutException}
     * @throws NullPointerException if {@code options} is null
     */
    public Single<List<R>> gatherDelayError(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        return SingleCompletion.of(target.gatherDelayError(settings.progress()).until(deadline));
    }

    /**
     * Closes the batch at this call. Signals when every task has run; no task's failure is an error of the Single. Hot
     * and cached as {@link #gather()}.
     *
     * @return one outcome a scatter, in scatter order, unmodifiable
     */
    public Single<List<Outcome<R>>> gatherSettled() {
        return SingleCompletion.of(target.<Outcome<R>>gatherSettled(Outcome.Success::new, Outcome.Failure::new, null));
    }

    /**
     * The same as {@link #gatherSettled() gatherSettled()}, with progress told meanwhile, the number of failures
     * included.
     *
     * @param progress receives the updates
     * @return one outcome a scatter, in scatter order, unmodifiable
     * @throws NullPointerException if {@code progress} is null
     */
    public Single<List<Outcome<R>>> gatherSettled(Progress progress) {
        return gatherSettled(GatherOptions.create().progress(progress));
    }

    /**
     * The same as {@link #gatherSettled() gatherSettled()}, with options. Progress includes the number of failures.
     * When the time is over, what there is is the value, as of {@link #gatherSettled(Duration)}.
     *
     * @param options progress and timeout
     * @return one outcome a scatter, in scatter order, unmodifiable
     * @throws NullPointerException if {@code options} is null
     */
    public Single<List<Outcome<R>>> gatherSettled(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = settings.partial(CLOCK);
        return SingleCompletion.of(
                target.<Outcome<R>>gatherSettled(Outcome.Success::new, Outcome.Failure::new, settings.progress())
                        .until(deadline));
    }

    /**
     * The same as {@link #gatherSettled() gatherSettled()}, for so long at most from this call on. Then the batch is
     * cancelled, and what there is is the value: a task that had not ended is a {@link Outcome.Failure} with a
     * {@link java.util.concurrent.CancellationException}. A timeout operator would lose the results there are.
     *
     * @param timeout the longest time, by the clock of {@link Schedulers#computation()}; if it is zero or negative,
     *     only what has ended by now is there
     * @return one outcome a scatter, in scatter order, unmodifiable
     * @throws NullPointerException if {@code timeout} is null
     */
    public Single<List<Outcome<R>>> gatherSettled(Duration timeout) {
        return gatherSettled(GatherOptions.create().timeout(timeout));
    }

    /**
     * Closes the batch at this call. Its results come in scatter order, each as soon as it and all before it are ready
     * and requested. If a task fails, what has not started is dropped and what runs is interrupted; the failure is
     * signalled after the results that were ready before it. A null result is a {@link NullPointerException} that names
     * the index, and ends the batch as well.
     *
     * <p>Hot and cached as {@link #gather()}: every subscriber gets the same, early or late, at its own pace. When the
     * last one cancels before it has everything, the rest is cancelled; a later subscriber gets a {@link
     * java.util.concurrent.CancellationException}, although all tasks may have run. Signals come on the workers'
     * threads or on that of the request.
     *
     * @return the results one by one; none if nothing was scattered
     */
    public Flowable<R> gatherFlowable() {
        return gatherFlowable(GatherOptions.create());
    }

    /**
     * The same as {@link #gatherFlowable() gatherFlowable()}, with options. The time is that from this call on;
     * progress is told without a subscriber too.
     *
     * @param options progress and timeout
     * @return the results one by one
     * @throws NullPointerException if {@code options} is null
     */
    public Flowable<R> gatherFlowable(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        return flowable(ResultStream.of(target, false, settings.progress()).until(deadline));
    }

    /**
     * The same as {@link #gatherFlowable() gatherFlowable()}, in the order in which the tasks end. What has ended
     * before this call comes first, in scatter order.
     *
     * @return the results one by one, in the same order for every subscriber
     */
    public Flowable<R> gatherAsCompleted() {
        return gatherAsCompleted(GatherOptions.create());
    }

    /**
     * The same as {@link #gatherAsCompleted() gatherAsCompleted()}, with options. They are as in
     * {@link #gatherFlowable(GatherOptions)}.
     *
     * @param options progress and timeout
     * @return the results one by one
     * @throws NullPointerException if {@code options} is null
     */
    public Flowable<R> gatherAsCompleted(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        return flowable(ResultStream.of(target, true, settings.progress()).until(deadline));
    }

    /**
     * The same as {@link #gatherAsCompleted() gatherAsCompleted()}, with an outcome for each task: a failure is an item
     * as any other, and ends nothing. A null result is a success.
     *
     * @return the outcomes one by one, whose index is that of the scatter, in the same order for every subscriber
     */
    public Flowable<Outcome<R>> gatherSettledAsCompleted() {
        return gatherSettledAsCompleted(GatherOptions.create());
    }

    /**
     * The same as {@link #gatherSettledAsCompleted() gatherSettledAsCompleted()}, with options. Progress includes the
     * number of failures.
     *
     * @param options progress and timeout
     * @return the outcomes one by one, whose index is that of the scatter
     * @throws NullPointerException if {@code options} is null
     */
    public Flowable<Outcome<R>> gatherSettledAsCompleted(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        return flowable(ResultStream.<R, Outcome<R>>gatherSettledAsCompleted(
                        target, Outcome.Success::new, Outcome.Failure::new, settings.progress())
                .until(deadline));
    }

    private static GatherSettings settings(GatherOptions options) {
        return EngineAccess.settings(Objects.requireNonNull(options, "options"));
    }

    private @Nullable Deadline failing(GatherSettings settings) {
        return settings.failing(pool.name(), CLOCK);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + pool.name() + ", " + pending() + " pending]";
    }
}
