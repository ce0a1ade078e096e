package lox.rxjava;

import lox.sync.internal.core.OwnBatch;
import org.jspecify.annotations.Nullable;

/**
 * A batch of its own on a {@link Scatter}: what is scattered to it is gathered from it, whoever else uses the
 * function. It runs on the function's workers and counts at its queue limit.
 *
 * <p>It is gathered once. Closing it discards what has not been gathered: what has not started is dropped, and what
 * runs is interrupted. So nothing is left behind by an exception in between:
 *
 * <pre>{@code
 * Single<List<String>> pages = Single.using(
 *         fetch::batch,
 *         batch -> Flowable.fromIterable(uris)
 *                 .doOnNext(batch::scatter)
 *                 .ignoreElements()
 *                 .andThen(Single.defer(batch::gather)),
 *         Batch::close);
 * }</pre>
 *
 * <p>Safe for use from many threads. Tasks start in the order of the scatters to this batch, in turn with what else the
 * function has to do. After a gather or a close, {@code scatter} and every other gather throw an
 * {@link IllegalStateException}.
 *
 * @param <T> the type of the argument
 * @param <R> the type of the result
 */
public final class Batch<T extends @Nullable Object, R extends @Nullable Object> extends Gatherer<T, R>
        implements AutoCloseable {
    private final OwnBatch<T, R> own;

    Batch(Scatter<T, R> function) {
        this(function, new OwnBatch<>(function.dispatcher()));
    }

    private Batch(Scatter<T, R> function, OwnBatch<T, R> own) {
        super(function, own);
        this.own = own;
    }

    /**
     * Hands one argument to the workers, as {@link Scatter#scatter} does.
     *
     * @param argument passed on, null too
     * @return the index of the result in the list to come
     * @throws IllegalStateException if the batch has been gathered or closed, or as {@link Scatter#scatter} does
     * @throws java.util.concurrent.RejectedExecutionException as {@link Scatter#scatter} does
     * @throws java.util.concurrent.CancellationException as {@link Scatter#scatter} does
     */
    public int scatter(T argument) {
        return add(argument);
    }

    /** Discards the batch unless it has been gathered or closed. */
    @Override
    public void close() {
        own.close();
    }
}
