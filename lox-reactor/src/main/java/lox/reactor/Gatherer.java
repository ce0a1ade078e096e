package lox.reactor;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import lox.sync.Outcome;
import lox.sync.Progress;
import lox.sync.engine.Dispatcher;
import lox.sync.engine.LanePool;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What {@link Scatter} and {@link BiScatter} share: everything but the arguments.
 *
 * @param <A> what goes into the engine
 * @param <R> the type of the results
 */
abstract sealed class Gatherer<A extends @Nullable Object, R extends @Nullable Object> permits Scatter, BiScatter {
    private final Dispatcher<A, R> dispatcher;
    private final LanePool pool;
    private final Scheduler scheduler;

    Gatherer(LanePool pool, Executor launcher, Work<A, R> work) {
        this(
                pool,
                pool.isInline() ? Schedulers.immediate() : Schedulers.fromExecutor(pool),
                new Dispatcher<>(work, pool, launcher, ReactorDialect.INSTANCE));
    }

    Gatherer(LanePool pool, Scheduler scheduler, Dispatcher<A, R> dispatcher) {
        this.pool = pool;
        this.scheduler = scheduler;
        this.dispatcher = dispatcher;
    }

    final LanePool pool() {
        return pool;
    }

    final <S extends @Nullable Object> Dispatcher<A, S> chain(Scatter<? super R, S> next) {
        Gatherer<? super R, S> second = Objects.requireNonNull(next, "next");
        return dispatcher.then(second.dispatcher);
    }

    final Flux<R> stream(Publisher<? extends A> source, int ahead, boolean delayError) {
        return FluxMap.of(source, dispatcher, pool.name() + ".map", ahead, delayError);
    }

    final int defaultAhead() {
        return dispatcher.defaultAhead();
    }

    final R run(A argument) {
        try {
            return dispatcher.call(argument);
        } catch (Exception e) {
            throw Exceptions.propagate(e);
        }
    }

    final int add(A argument) {
        return dispatcher.scatter(argument);
    }

    private Flux<R> stream(boolean asCompleted, String name) {
        return Flux.from(FlowAdapters.toPublisher(dispatcher.stream(asCompleted)))
                .name(pool.name() + "." + name);
    }

    final Mono<R> listen(A argument) {
        return MonoCompletion.of(dispatcher.submit(argument), pool.name() + ".submit");
    }

    /**
     * Counts what has been scattered and has not started, over all batches.
     *
     * @return a snapshot
     */
    public int pending() {
        return dispatcher.pending();
    }

    /**
     * The workers as a scheduler, for {@code publishOn}, {@code subscribeOn} and the like. What is scheduled here and what is
     * scattered share the workers: never more run at once than there are. It has no clock, so it rejects delayed and periodic
     * work.
     *
     * @return always the same scheduler
     */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * Closes the batch at once, at this call and not at subscription. If a task fails, what has not started is dropped, what
     * runs is interrupted, and the failure that came first in time is the signal. Later scatters belong to the next batch.
     *
     * <p>The Mono is hot and cached: work goes on whether or not anybody subscribes, and any number of subscribers, early or
     * late, get the same list. When the last one cancels before the end, what has not started is dropped and what runs is
     * interrupted; who subscribes after that gets a {@link java.util.concurrent.CancellationException}.
     *
     * @return the results in scatter order, null results included, unmodifiable; an empty list if nothing was scattered
     */
    public Mono<List<R>> gather() {
        return MonoCompletion.of(dispatcher.gather(null), pool.name() + ".gather");
    }

    /**
     * The same as {@link #gather()}, with progress told meanwhile, from now on and without a subscriber too.
     *
     * @param progress receives the updates
     * @return the results in scatter order
     * @throws NullPointerException if {@code progress} is null
     */
    public Mono<List<R>> gather(Progress progress) {
        Objects.requireNonNull(progress, "progress");
        return MonoCompletion.of(dispatcher.gather(progress::update), pool.name() + ".gather");
    }

    /**
     * Closes the batch at this call. Signals when every task has run, whatever becomes of the others; hot and cached as
     * {@link #gather()}.
     *
     * @return the results in scatter order; or the failure if there was one; or all failures as
     *     {@link Exceptions#multiple(Iterable)} makes them one
     */
    public Mono<List<R>> gatherDelayError() {
        return MonoCompletion.of(dispatcher.gatherDelayError(), pool.name() + ".gatherDelayError");
    }

    /**
     * Closes the batch at this call. Signals when every task has run; no task's failure is an error of the Mono. Hot and cached
     * as {@link #gather()}.
     *
     * @return one outcome a scatter, in scatter order, unmodifiable
     */
    public Mono<List<Outcome<R>>> gatherSettled() {
        return MonoCompletion.of(
                dispatcher.<Outcome<R>>gatherSettled(Outcome.Success::new, Outcome.Failure::new),
                pool.name() + ".gatherSettled");
    }

    /**
     * Closes the batch at this call. Its results come in scatter order, each as soon as it and all before it are ready and
     * requested. If a task fails, what has not started is dropped and what runs is interrupted; the failure is
     * signalled after the results that were ready before it. A null result is a {@link NullPointerException} that names the index,
     * and ends the batch as well.
     *
     * <p>Hot and cached as {@link #gather()}: every subscriber gets the same, early or late, at its own pace. When the last one
     * cancels before it has everything, the rest is cancelled; who subscribes after that gets a
     * {@link java.util.concurrent.CancellationException}. Signals come on the workers' threads or on that of the request.
     *
     * @return the results one by one; none if nothing was scattered
     */
    public Flux<R> gatherFlux() {
        return stream(false, "gatherFlux");
    }

    /**
     * The same as {@link #gatherFlux()}, in the order in which the tasks end. What has ended before this call comes first, in
     * scatter order.
     *
     * @return the results one by one, in the same order for every subscriber
     */
    public Flux<R> asCompleted() {
        return stream(true, "asCompleted");
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + pool.name() + ", " + pending() + " pending]";
    }
}
