package lox.sync;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of two arguments that the workers run. All that is said of {@link Task} holds here too.
 *
 * <pre>{@code
 * BiTask<Path, String, Path> move = (file, name) -> Files.move(file, file.resolveSibling(name));
 * }</pre>
 *
 * @param <T> the type of the first argument
 * @param <U> the type of the second argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface BiTask<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
        extends Serializable {
    /**
     * Runs the function once.
     *
     * @param first what was scattered first
     * @param second what was scattered second
     * @return the result
     * @throws Exception whatever goes wrong; it fails this task alone
     */
    R call(T first, U second) throws Exception;
}
