package lox.sync;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lox.sync.internal.core.Deadline;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.GatherSettings;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.core.OwnBatch;
import lox.sync.internal.core.ScatterTarget;
import lox.sync.internal.stream.ResultIterator;
import lox.sync.internal.stream.ResultStream;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: more than half of it is documentation for users.
// Links in first sentences have a label: Javadoc's index, where this class is not shown, would name it otherwise.
/**
 * What functions and their batches share: the ways to gather.
 *
 * @param <A> what goes into the engine
 * @param <R> the type of the results
 */
abstract sealed class Gatherer<A extends @Nullable Object, R extends @Nullable Object>
        permits WrappedFunction, Batch, BiBatch {
    private final Dispatcher<A, R> dispatcher;
    private final ScatterTarget<A, R> target;
    private final Workers workers;

    Gatherer(Workers workers, Dispatcher<A, R> dispatcher) {
        this.workers = workers;
        this.dispatcher = dispatcher;
        this.target = dispatcher;
    }

    /** A batch of its own on a function. */
    Gatherer(Gatherer<A, R> function, OwnBatch<A, R> batch) {
        this.workers = function.workers;
        this.dispatcher = function.dispatcher;
        this.target = batch;
    }

    final Workers workers() {
        return workers;
    }

    final Dispatcher<A, R> dispatcher() {
        return dispatcher;
    }

    final int add(A argument) {
        return target.scatter(argument);
    }

    final void addAll(Iterable<? extends A> arguments) {
        target.scatterAll(arguments);
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
     * Closes the batch and waits for its results. If a task fails, what has not started is dropped, what runs is
     * interrupted, and the failure that came first in time is thrown at once. Later scatters to the function belong to
     * its next batch.
     *
     * <p>In a task that runs on the same {@link Workers} it works for the batch itself instead of blocking its worker.
     *
     * @return the results in scatter order, null results included, unmodifiable; empty if nothing was scattered
     * @throws GatherException if a task threw a checked exception, which is its cause; unchecked exceptions and errors
     *     are thrown as they are
     * @throws IllegalStateException if called from inside a task of the batch it would wait for; the batch stays open
     * @throws java.util.concurrent.CancellationException if the thread is interrupted, which cancels the batch and
     *     keeps the flag, or if the Workers are closed
     */
    public List<R> gather() {
        target.checkNotOwnTask();
        return await(target.gather(null));
    }

    /**
     * The same as {@link #gather() gather()}, with progress told meanwhile.
     *
     * @param progress receives the updates
     * @return the results in scatter order
     * @throws NullPointerException if {@code progress} is null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<R> gather(Progress progress) {
        return gather(GatherOptions.create().progress(progress));
    }

    /**
     * The same as {@link #gather() gather()}, with options.
     *
     * @param options progress and timeout
     * @return the results in scatter order
     * @throws GatherTimeoutException if they are not there in time
     * @throws NullPointerException if {@code options} is null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<R> gather(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        target.checkNotOwnTask();
        return await(target.gather(settings.progress()).until(deadline));
    }

    /**
     * Closes the batch and waits until every task has run, whatever becomes of the others.
     *
     * @return the results in scatter order
     * @throws GatherException if several tasks failed, with all their failures, or one with a checked exception; one
     *     unchecked failure is thrown as it is
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<R> gatherDelayError() {
        target.checkNotOwnTask();
        return await(target.gatherDelayError(null));
    }

    /**
     * The same as {@link #gatherDelayError() gatherDelayError()}, with progress told meanwhile, the number of failures
     * included.
     *
     * @param progress receives the updates
     * @return the results in scatter order
     * @throws NullPointerException if {@code progress} is null
     * @throws GatherException as {@link #gatherDelayError()} does
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<R> gatherDelayError(Progress progress) {
        return gatherDelayError(GatherOptions.create().progress(progress));
    }

    /**
     * The same as {@link #gatherDelayError() gatherDelayError()}, with options. Progress includes the number of
     * failures.
     *
     * @param options progress and timeout
     * @return the results in scatter order
     * @throws GatherTimeoutException if they are not there in time
     * @throws NullPointerException if {@code options} is null
     * @throws GatherException as {@link #gatherDelayError()} does
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<R> gatherDelayError(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        target.checkNotOwnTask();
        return await(target.gatherDelayError(settings.progress()).until(deadline));
    }

    /**
     * Closes the batch and waits until every task has run. No task's failure makes it throw.
     *
     * @return one outcome a scatter, in scatter order, unmodifiable
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<Outcome<R>> gatherSettled() {
        target.checkNotOwnTask();
        return await(target.<Outcome<R>>gatherSettled(Outcome.Success::new, Outcome.Failure::new, null));
    }

    /**
     * The same as {@link #gatherSettled() gatherSettled()}, with progress told meanwhile, the number of failures
     * included.
     *
     * @param progress receives the updates
     * @return one outcome a scatter, in scatter order, unmodifiable
     * @throws NullPointerException if {@code progress} is null
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<Outcome<R>> gatherSettled(Progress progress) {
        return gatherSettled(GatherOptions.create().progress(progress));
    }

    /**
     * The same as {@link #gatherSettled() gatherSettled()}, with options. Progress includes the number of failures.
     * When the time is over, what there is is returned, as by {@link #gatherSettled(Duration)}.
     *
     * @param options progress and timeout
     * @return one outcome a scatter, in scatter order, unmodifiable
     * @throws NullPointerException if {@code options} is null
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<Outcome<R>> gatherSettled(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = settings.partial(Deadline.Clock.SYSTEM);
        target.checkNotOwnTask();
        return await(target.<Outcome<R>>gatherSettled(Outcome.Success::new, Outcome.Failure::new, settings.progress())
                .until(deadline));
    }

    /**
     * Closes the batch at this call and gives its results in scatter order, each as soon as it and all before it are
     * ready. If a task fails, what has not started is dropped and what runs is interrupted; the stream throws the
     * failure after the results that were ready before it.
     *
     * <p>Work goes on whether or not the stream is read. Reading it waits. A stream that is closed early cancels the
     * rest:
     *
     * <pre>{@code
     * try (Stream<String> pages = fetch.gatherStream()) {
     *     pages.limit(3).forEach(System.out::println);
     * }
     * }</pre>
     *
     * @return the results; reading them throws what {@link #gather()} throws, and a {@link NullPointerException} that
     *     names the index for a null result
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<R> gatherStream() {
        return gatherStream(GatherOptions.create());
    }

    /**
     * The same as {@link #gatherStream() gatherStream()}, for so long at most from this call on, as in
     * {@link #gather(Duration) gather(Duration)}. After the results that were ready in time, reading throws a
     * {@link GatherTimeoutException}.
     *
     * @param timeout as in {@link #gather(Duration)}
     * @return the results
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<R> gatherStream(Duration timeout) {
        return gatherStream(GatherOptions.create().timeout(timeout));
    }

    /**
     * The same as {@link #gatherStream() gatherStream()}, with options. The time is that from this call on; progress is
     * told whether or not the stream is read.
     *
     * @param options progress and timeout
     * @return the results
     * @throws NullPointerException if {@code options} is null
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<R> gatherStream(GatherOptions options) {
        return stream(false, options);
    }

    /**
     * The same as {@link #gatherAsCompleted() gatherAsCompleted()}, for so long at most, as in
     * {@link #gatherStream(Duration) gatherStream(Duration)}.
     *
     * @param timeout as in {@link #gather(Duration)}
     * @return the results
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<R> gatherAsCompleted(Duration timeout) {
        return gatherAsCompleted(GatherOptions.create().timeout(timeout));
    }

    /**
     * The same as {@link #gatherStream() gatherStream()}, in the order in which the tasks end. What has ended before
     * this call comes first, in scatter order.
     *
     * @return the results
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<R> gatherAsCompleted() {
        return gatherAsCompleted(GatherOptions.create());
    }

    /**
     * The same as {@link #gatherAsCompleted() gatherAsCompleted()}, with options, as in
     * {@link #gatherStream(GatherOptions) gatherStream(GatherOptions)}.
     *
     * @param options progress and timeout
     * @return the results
     * @throws NullPointerException if {@code options} is null
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<R> gatherAsCompleted(GatherOptions options) {
        return stream(true, options);
    }

    /**
     * The same as {@link #gatherAsCompleted() gatherAsCompleted()}, with an outcome for each task: a failure is an item
     * as any other, and ends nothing. A null result is a success.
     *
     * <pre>{@code
     * fetch.gatherSettledAsCompleted().forEach(outcome -> System.out.println(uris.get(outcome.index()) + ": " + outcome));
     * }</pre>
     *
     * @return the outcomes, whose index is that of the scatter
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<Outcome<R>> gatherSettledAsCompleted() {
        return gatherSettledAsCompleted(GatherOptions.create());
    }

    /**
     * The same as {@link #gatherSettledAsCompleted() gatherSettledAsCompleted()}, with options, as in
     * {@link #gatherStream(GatherOptions) gatherStream(GatherOptions)}. Progress includes the number of failures.
     *
     * @param options progress and timeout
     * @return the outcomes, whose index is that of the scatter
     * @throws NullPointerException if {@code options} is null
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<Outcome<R>> gatherSettledAsCompleted(GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        target.checkNotOwnTask();
        return stream(ResultStream.<R, Outcome<R>>gatherSettledAsCompleted(
                        target, Outcome.Success::new, Outcome.Failure::new, settings.progress())
                .until(deadline));
    }

    /**
     * The same as {@link #gatherSettledAsCompleted() gatherSettledAsCompleted()}, for so long at most, as in
     * {@link #gatherStream(Duration) gatherStream(Duration)}.
     *
     * @param timeout as in {@link #gather(Duration)}
     * @return the outcomes, whose index is that of the scatter
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalStateException as {@link #gather()} does
     */
    public Stream<Outcome<R>> gatherSettledAsCompleted(Duration timeout) {
        return gatherSettledAsCompleted(GatherOptions.create().timeout(timeout));
    }

    /**
     * The same as {@link #gather() gather()}, for so long at most. Then the batch is cancelled: what has not started is
     * dropped, and what runs is interrupted.
     *
     * @param timeout the longest wait; if it is zero or negative, only what has ended by now is in time
     * @return the results in scatter order
     * @throws GatherTimeoutException if they are not there in time
     * @throws NullPointerException if {@code timeout} is null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<R> gather(Duration timeout) {
        return gather(GatherOptions.create().timeout(timeout));
    }

    /**
     * The same as {@link #gatherDelayError() gatherDelayError()}, for so long at most, as in
     * {@link #gather(Duration) gather(Duration)}. The failures there have been by then are suppressed exceptions of the
     * {@link GatherTimeoutException}, ten of them at most.
     *
     * @param timeout as in {@link #gather(Duration)}
     * @return the results in scatter order
     * @throws GatherTimeoutException if they are not there in time
     * @throws NullPointerException if {@code timeout} is null
     * @throws GatherException as {@link #gatherDelayError()} does
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<R> gatherDelayError(Duration timeout) {
        return gatherDelayError(GatherOptions.create().timeout(timeout));
    }

    /**
     * The same as {@link #gatherSettled() gatherSettled()}, for so long at most. Then the batch is cancelled, and what
     * there is is returned: a task that had not ended is a {@link Outcome.Failure} with a
     * {@link java.util.concurrent.CancellationException}.
     *
     * @param timeout the longest wait; if it is zero or negative, only what has ended by now is there
     * @return one outcome a scatter, in scatter order, unmodifiable
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalStateException as {@link #gather()} does
     * @throws java.util.concurrent.CancellationException as {@link #gather()} does
     */
    public List<Outcome<R>> gatherSettled(Duration timeout) {
        return gatherSettled(GatherOptions.create().timeout(timeout));
    }

    private static GatherSettings settings(GatherOptions options) {
        return Objects.requireNonNull(options, "options").settings();
    }

    private @Nullable Deadline failing(GatherSettings settings) {
        return settings.failing(workers.name(), Deadline.Clock.SYSTEM);
    }

    private Stream<R> stream(boolean asCompleted, GatherOptions options) {
        GatherSettings settings = settings(options);
        Deadline deadline = failing(settings);
        target.checkNotOwnTask();
        return stream(ResultStream.of(target, asCompleted, settings.progress()).until(deadline));
    }

    private <V extends @Nullable Object> Stream<V> stream(ResultStream<V> stream) {
        ResultIterator<V> results = new ResultIterator<>(dispatcher, stream, SyncDialect::gathered);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(results, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(results::leave);
    }

    final <V> V await(Gathering<V> gathering) {
        try {
            return dispatcher.await(gathering);
        } catch (Throwable failure) {
            throw SyncDialect.gathered(failure);
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + workers.name() + ", " + pending() + " pending]";
    }
}
