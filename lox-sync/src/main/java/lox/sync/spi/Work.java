package lox.sync.spi;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The function that a dispatcher runs for every argument. The adapters create it from the user's task, as a lambda that
 * captures only that task: it may be sent to another JVM, without object streams.
 *
 * @param <A> the type of the arguments
 * @param <R> the type of the results
 */
@FunctionalInterface
public interface Work<A extends @Nullable Object, R extends @Nullable Object> extends Serializable {
    /**
     * Runs the function once.
     *
     * @param argument the scattered argument
     * @return the result
     * @throws Exception whatever the user's function throws
     */
    R run(A argument) throws Exception;
}
