package lox.rxjava;

import io.reactivex.rxjava3.core.Single;
import java.util.Objects;
import lox.sync.BiTask;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.pool.LanePool;
import lox.sync.spi.Arguments;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * A function of two arguments with workers, for RxJava. All that is said of {@link Scatter} holds here too.
 *
 * <pre>{@code
 * BiScatter<Path, Integer, Path> thumbnail = Lox.biThread(4, (image, width) -> Images.scale(image, width));
 * thumbnail.scatter(cat, 64);
 * thumbnail.scatter(dog, 128);
 * Single<List<Path>> thumbnails = thumbnail.gather();
 * }</pre>
 *
 * <p>It has no {@code map}, {@code expand} and {@code gather} of a list: these take one element at a time. Where
 * arguments come as pairs, make them a record, and take a {@link Scatter}.
 *
 * @param <T> the type of the first argument
 * @param <U> the type of the second argument
 * @param <R> the type of the result
 */
public final class BiScatter<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
        extends WrappedFunction<Arguments<T, U>, R> {
    BiScatter(LanePool pool, BiTask<? super T, ? super U, ? extends R> task) {
        super(pool, work(Objects.requireNonNull(task, "task")));
    }

    private static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Work<Arguments<T, U>, R> work(BiTask<? super T, ? super U, ? extends R> task) {
        return both -> task.call(both.first(), both.second());
    }

    private BiScatter(BiScatter<T, U, ?> first, Dispatcher<Arguments<T, U>, R> chain) {
        super(first, chain);
    }

    /**
     * Calls the function as it is, in the calling thread, outside any batch.
     *
     * @param first passed on, null too
     * @param second passed on, null too
     * @return the result
     * @throws RuntimeException as {@link Scatter#call} does
     */
    public R call(T first, U second) {
        return run(new Arguments<>(first, second));
    }

    /**
     * Hands two arguments to the workers, as {@link Scatter#scatter} does.
     *
     * @param first passed on, null too
     * @param second passed on, null too
     * @return the index of the result in the list to come
     * @throws java.util.concurrent.RejectedExecutionException as {@link Scatter#scatter} does
     * @throws IllegalStateException as {@link Scatter#scatter} does
     * @throws java.util.concurrent.CancellationException as {@link Scatter#scatter} does
     */
    public int scatter(T first, U second) {
        return add(new Arguments<>(first, second));
    }

    /**
     * Hands two arguments to the workers for a result of its own, in no batch, as {@link Scatter#submit} does.
     *
     * @param first passed on, null too
     * @param second passed on, null too
     * @return the result to come
     * @throws java.util.concurrent.RejectedExecutionException as {@link Scatter#scatter} does
     * @throws java.util.concurrent.CancellationException as {@link Scatter#scatter} does
     */
    public Single<R> submit(T first, U second) {
        return listen(new Arguments<>(first, second));
    }

    /**
     * Opens a batch of its own on this function and its workers, for a caller who shares the function with others: a
     * request of a service, for example. This function's own batch is not touched.
     *
     * @return to be gathered once, or closed
     */
    public BiBatch<T, U, R> batch() {
        return new BiBatch<>(this);
    }

    /**
     * Chains another function to this one. What is scattered to the chain goes through both, each on its own workers,
     * and moves on as soon as it is ready, whatever the others do; the results come in the order of the scatters. A
     * failure in either is the failure of that item, and keeps its index. The two functions themselves and their
     * batches stay as they are; chains can be chained.
     *
     * <pre>{@code
     * BiScatter<Path, Integer, Path> publish = thumbnail.andThen(Lox.thread(2, Gallery::upload));
     * publish.scatter(cat, 64);
     * Single<List<Path>> published = publish.gather();
     * }</pre>
     *
     * <p>If the next function's workers have a queue limit, this one's wait while it is reached.
     *
     * @param next takes the results, null ones too
     * @param <S> the type of the results of the chain
     * @return the chain, to be used as one function; its {@code pending} counts what this function has not started, its
     *     {@code scheduler} is that of this function
     * @throws NullPointerException if {@code next} is null
     * @throws IllegalArgumentException if the chain would have more than 121 functions
     */
    public <S extends @Nullable Object> BiScatter<T, U, S> andThen(Scatter<? super R, S> next) {
        return new BiScatter<>(this, chain(next));
    }
}
