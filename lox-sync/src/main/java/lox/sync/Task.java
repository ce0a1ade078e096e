package lox.sync;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of one argument that the workers run. It may throw whatever it likes, and it is {@link Serializable}, so
 * that the same lambda runs in a thread today and in another JVM tomorrow.
 *
 * <p>One instance runs on many threads at once: what it captures has to be safe for that. It may receive null if null
 * is scattered, and may return null.
 *
 * <pre>{@code
 * Task<Path, byte[]> read = Files::readAllBytes;
 * }</pre>
 *
 * @param <T> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface Task<T extends @Nullable Object, R extends @Nullable Object> extends Serializable {
    /**
     * Runs the function once.
     *
     * @param argument what was scattered
     * @return the result
     * @throws Exception whatever goes wrong; it fails this task alone
     */
    R call(T argument) throws Exception;
}
