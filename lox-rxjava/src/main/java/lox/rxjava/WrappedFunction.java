package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.exceptions.Exceptions;
import java.util.Objects;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.pool.LanePool;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What {@link Scatter} and {@link BiScatter} share: everything but the arguments.
 *
 * @param <A> what goes into the engine
 * @param <R> the type of the results
 */
abstract sealed class WrappedFunction<A extends @Nullable Object, R extends @Nullable Object> extends Gatherer<A, R>
        permits Scatter, BiScatter {
    private final LazyScheduler scheduler;

    WrappedFunction(LanePool pool, Work<A, R> work) {
        super(pool, Dispatchers.of(work, pool, RxJavaDialect.INSTANCE));
        this.scheduler = new LazyScheduler(pool);
    }

    /** A chain, whose workers are those of its first function. */
    WrappedFunction(WrappedFunction<?, ?> first, Dispatcher<A, R> chain) {
        super(first.pool(), chain);
        this.scheduler = first.scheduler;
    }

    final <S extends @Nullable Object> Dispatcher<A, S> chain(Scatter<? super R, S> next) {
        return Dispatchers.chain(
                dispatcher(), Objects.requireNonNull(next, "next").dispatcher());
    }

    final R run(A argument) {
        try {
            return dispatcher().call(argument);
        } catch (Exception e) {
            throw Exceptions.propagate(e);
        }
    }

    final Single<R> listen(A argument) {
        return SingleCompletion.of(dispatcher().submit(argument));
    }

    final <V> Flowable<V> stream(Publisher<? extends A> source, MapOptions<A, R, V> options) {
        return FlowableMap.of(source, dispatcher(), options);
    }

    final int defaultAhead() {
        return dispatcher().defaultAhead();
    }

    /**
     * The workers as a scheduler, for {@code observeOn}, {@code subscribeOn} and the like. What is scheduled here and
     * what is scattered share the workers: never more run at once than there are. The tasks of one of its workers run
     * one after the other, in order; delays and periods are kept. Without workers, tasks run in the caller's thread,
     * delayed ones on threads of their own.
     *
     * <p>It ends when the {@link lox.sync.Workers} are closed, and when it is disposed of, which leaves this function
     * and its workers alone: see {@link ProcessScheduler#shutdown}.
     *
     * @return always the same scheduler
     */
    public Scheduler scheduler() {
        return scheduler.get();
    }

    /**
     * Discards what has been scattered to this function and not gathered: what has not started is dropped, and what
     * runs is interrupted. Failures that there have been are told, as those of a batch that nobody gathers.
     */
    public void discard() {
        dispatcher().discard();
    }
}
