package lox.sync.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine asks of the library it serves: plain Java, Reactor or RxJava. One instance serves every
 * {@link Dispatcher} of its adapter. Every method may be called from any thread and must not block.
 */
public interface Dialect {
    /**
     * Takes a failure that nobody can receive any more: the gather it belongs to was cancelled or has already failed.
     *
     * @param failure the failure, never to be lost silently
     */
    void dropped(Throwable failure);

    /**
     * Calls {@link #dropped}; if that throws, as a user's hook may, both go to the thread's uncaught exception handler.
     *
     * @param failure the failure
     */
    default void drop(Throwable failure) {
        try {
            dropped(failure);
        } catch (Throwable thrown) {
            if (thrown != failure) {
                thrown.addSuppressed(failure);
            }
            Uncaught.report(thrown);
        }
    }

    /**
     * Makes one failure of several.
     *
     * @param failures at least two, in scatter order
     * @param total how many tasks the batch had
     * @return what the gatherer receives
     */
    Throwable combine(List<Throwable> failures, int total);

    /**
     * Tells whether the calling thread may wait.
     *
     * @return false on a thread that the library reserves for code that never blocks
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * Tells whether the library can carry a {@code null} as a single result.
     *
     * @return false where a {@code null} result of a submitted task has to become a {@link NullPointerException}
     */
    default boolean carriesNull() {
        return false;
    }

    /**
     * Makes the failure of a subscriber that was too slow for its buffer.
     *
     * @param message says which
     * @return as the library's own operators would fail
     */
    default Throwable overflow(String message) {
        return new IllegalStateException(message);
    }

    /**
     * Captures the caller's context at {@code scatter}, to be restored around the task.
     *
     * @return the context, or null where there is none to carry, which costs nothing later
     */
    default @Nullable Context capture() {
        return null;
    }

    /** A captured context. */
    @FunctionalInterface
    interface Context {
        /**
         * Makes this context that of the calling thread.
         *
         * @return gives the thread its former context back; called exactly once, on the same thread
         */
        Runnable restore();
    }
}
