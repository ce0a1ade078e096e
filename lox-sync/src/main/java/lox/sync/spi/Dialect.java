package lox.sync.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's view of the library it serves: plain Java, Reactor or RxJava. One instance serves every dispatcher of
 * its adapter. Every method may be called from any thread and must not block.
 */
public interface Dialect {
    /**
     * Receives a failure that can no longer be delivered: the gather it belongs to was cancelled or has already failed.
     *
     * @param failure the failure, which must not be lost silently
     */
    void dropped(Throwable failure);

    /**
     * Calls {@link #dropped}. If that throws, as a user's hook may, both failures go to the thread's uncaught exception
     * handler.
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
     * Combines several failures into one.
     *
     * @param failures at least two, in scatter order
     * @param total how many tasks the batch had
     * @return the failure that the gatherer receives
     */
    Throwable combine(List<Throwable> failures, int total);

    /**
     * Whether the calling thread may block.
     *
     * @return false on a thread that the library reserves for code that never blocks
     */
    default boolean mayBlock() {
        return true;
    }

    /**
     * Whether the library can carry a {@code null} as a single result.
     *
     * @return false if a {@code null} result of a submitted task has to become a {@link NullPointerException}
     */
    default boolean carriesNull() {
        return false;
    }

    /**
     * Whether the library's subscribers have a discard hook, which receives the results that are not delivered.
     *
     * @return true if the engine should ask them for it
     */
    default boolean discards() {
        return false;
    }

    /**
     * Creates the failure of a subscriber that was too slow for its buffer.
     *
     * @param message says which
     * @return the failure that the library's own operators would use
     */
    default Throwable overflow(String message) {
        return new IllegalStateException(message);
    }

    /**
     * Captures the caller's context at {@code scatter}, to be restored around the task.
     *
     * @return the context, or null if there is none to carry, which costs nothing later
     */
    default @Nullable Context capture() {
        return PropagatedContext.capture();
    }

    /**
     * Shows a lane to the hooks by which the library's users observe scheduling. Called on the worker's thread at every
     * start of a lane, so that a hook that captures the context of the calling thread captures none: the lane runs
     * tasks of many scatters.
     *
     * @param lane not started
     * @return runs the lane, once, on the calling thread
     */
    default Runnable onSchedule(Runnable lane) {
        return lane;
    }

    /**
     * Makes a call of a function that does not block.
     *
     * @param receiver is resumed if it has left the call's thread before the end
     * @param batch what the call is made for
     * @param context that of the scatter, or null
     * @return subscribes to what the function returns
     */
    default AsyncCall asyncCall(AsyncCall.Receiver receiver, Object batch, @Nullable Context context) {
        throw new UnsupportedOperationException("there are no functions that do not block here");
    }

    /**
     * The result of a function that does not block, if it is there already: so no call has to be made.
     *
     * @param returned what the function has returned
     * @return {@link AsyncCall#PENDING} if it is not, or this cannot be told
     * @throws Exception the failure, if there is one already
     */
    default @Nullable Object valueOf(Object returned) throws Exception {
        return AsyncCall.PENDING;
    }

    /** A captured context. */
    @FunctionalInterface
    interface Context {
        /**
         * Installs this context on the calling thread.
         *
         * @return restores the thread's former context; called exactly once, on the same thread
         */
        Runnable restore();
    }
}
