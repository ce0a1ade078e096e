package lox.sync;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Scatter} and {@link BiScatter} share: everything but the arguments.
 *
 * @param <A> what goes into the engine
 * @param <R> the type of the results
 */
abstract sealed class WrappedFunction<A extends @Nullable Object, R extends @Nullable Object> extends Gatherer<A, R>
        permits Scatter, BiScatter {
    WrappedFunction(Workers workers, Work<A, R> work) {
        super(workers, Dispatchers.of(work, workers.lanes(), SyncDialect.INSTANCE));
    }

    WrappedFunction(Workers workers, Dispatcher<A, R> chain) {
        super(workers, chain);
    }

    final <S extends @Nullable Object> Dispatcher<A, S> chain(Scatter<? super R, S> next) {
        return Dispatchers.chain(
                dispatcher(), Objects.requireNonNull(next, "next").dispatcher());
    }

    final R run(A argument) {
        try {
            return dispatcher().call(argument);
        } catch (Exception e) {
            throw SyncDialect.thrown(e);
        }
    }

    final CompletableFuture<R> listen(A argument) {
        return TaskFuture.of(dispatcher(), dispatcher().submit(argument));
    }

    /**
     * Discards what has been scattered to this function and not gathered: what has not started is dropped, and what
     * runs is interrupted. Failures that there have been are told, as those of a batch that nobody gathers.
     */
    public void discard() {
        dispatcher().discard();
    }
}
