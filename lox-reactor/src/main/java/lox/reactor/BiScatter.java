package lox.reactor;

import java.util.Objects;
import java.util.concurrent.Executor;
import lox.sync.BiTask;
import lox.sync.engine.Arguments;
import lox.sync.engine.LanePool;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A function of two arguments with workers, for Project Reactor. All that is said of {@link Scatter} holds here too.
 *
 * <pre>{@code
 * BiScatter<Path, Integer, Path> thumbnail = Lox.biThread(4, (image, width) -> Images.scale(image, width));
 * thumbnail.scatter(cat, 64);
 * thumbnail.scatter(dog, 128);
 * Mono<List<Path>> thumbnails = thumbnail.gather();
 * }</pre>
 *
 * @param <T> the type of the first argument
 * @param <U> the type of the second argument
 * @param <R> the type of the result
 */
public final class BiScatter<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
        extends Gatherer<Arguments<T, U>, R> {
    BiScatter(LanePool pool, Executor launcher, BiTask<? super T, ? super U, ? extends R> task) {
        super(pool, launcher, new BiTaskWork<>(Objects.requireNonNull(task, "task")));
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
     * @throws IllegalStateException as {@link Scatter#scatter} does
     * @throws java.util.concurrent.CancellationException as {@link Scatter#scatter} does
     */
    public int scatter(T first, U second) {
        return add(new Arguments<>(first, second));
    }

    /**
     * Does the same as {@link #scatter}, and gives this one result too, as {@link Scatter#submit} does.
     *
     * @param first passed on, null too
     * @param second passed on, null too
     * @return the result to come
     * @throws IllegalStateException as {@link Scatter#scatter} does
     * @throws java.util.concurrent.CancellationException as {@link Scatter#scatter} does
     */
    public Mono<R> submit(T first, U second) {
        return listen(new Arguments<>(first, second));
    }
}
