package lox.reactor;

import lox.sync.internal.core.OwnBatch;
import lox.sync.spi.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * A batch of its own on a {@link BiScatter}: what is scattered to it is gathered from it, whoever else uses the
 * function. It runs on the function's workers and counts at its queue limit.
 *
 * <p>It is gathered once. Closing it discards what has not been gathered: what has not started is dropped, and what
 * runs is interrupted. So nothing is left behind by an exception in between:
 *
 * <pre>{@code
 * try (BiBatch<Path, Integer, Path> small = thumbnail.batch()) {
 *     small.scatter(cat, 64);
 *     System.out.println(small.pending());
 * }
 * }</pre>
 *
 * <p>Safe for use from many threads. Tasks start in the order of the scatters to this batch, in turn with what else the
 * function has to do. After a gather or a close, {@code scatter} and every other gather throw an
 * {@link IllegalStateException}.
 *
 * @param <T> the type of the first argument
 * @param <U> the type of the second argument
 * @param <R> the type of the result
 */
public final class BiBatch<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
        extends Gatherer<Arguments<T, U>, R> implements AutoCloseable {
    private final OwnBatch<Arguments<T, U>, R> own;

    BiBatch(BiScatter<T, U, R> function) {
        this(function, new OwnBatch<>(function.dispatcher()));
    }

    private BiBatch(BiScatter<T, U, R> function, OwnBatch<Arguments<T, U>, R> own) {
        super(function, own);
        this.own = own;
    }

    /**
     * Hands two arguments to the workers, as {@link BiScatter#scatter} does.
     *
     * @param first passed on, null too
     * @param second passed on, null too
     * @return the index of the result in the list to come
     * @throws IllegalStateException if the batch has been gathered or closed, or as {@link BiScatter#scatter} does
     * @throws java.util.concurrent.RejectedExecutionException as {@link BiScatter#scatter} does
     * @throws java.util.concurrent.CancellationException as {@link BiScatter#scatter} does
     */
    public int scatter(T first, U second) {
        return add(new Arguments<>(first, second));
    }

    /** Discards the batch unless it has been gathered or closed. */
    @Override
    public void close() {
        own.close();
    }
}
