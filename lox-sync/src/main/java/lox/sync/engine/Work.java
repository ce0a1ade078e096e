package lox.sync.engine;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The function that a {@link Dispatcher} runs for every argument. The adapters make one from the user's task, as a lambda
 * that captures that task and nothing else: it may have to travel to another JVM, and so it does without object streams.
 *
 * @param <A> what is scattered
 * @param <R> what is gathered
 */
@FunctionalInterface
public interface Work<A extends @Nullable Object, R extends @Nullable Object> extends Serializable {
    /**
     * Runs the function once.
     *
     * @param argument what was scattered
     * @return the result
     * @throws Exception whatever the user's function throws
     */
    R run(A argument) throws Exception;
}
