package lox.sync.internal.core;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import lox.sync.internal.time.Durations;
import lox.sync.internal.time.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of a gather. When it expires, tasks that have not started are dropped and running tasks are
 * interrupted.
 *
 * @param terminalCause what the batch then ends with, if it has not ended by itself
 * @param partial whether the gatherer receives the available results instead of that cause
 * @param nanos from now; expires at once if it is zero or negative, never if it is {@link Long#MAX_VALUE}
 * @param clock schedules the expiry
 */
public record Deadline(Throwable terminalCause, boolean partial, long nanos, Clock clock) {
    /** Schedules an action. */
    @FunctionalInterface
    public interface Clock {
        /** The engine's own clock, which runs actions on a thread of its own. */
        Clock SYSTEM = (action, nanos) -> {
            Future<?> ticket = Ticker.ELSEWHERE.after(action, nanos);
            return () -> ticket.cancel(false);
        };

        /**
         * Runs an action after a delay.
         *
         * @param action must not block
         * @param nanos above zero
         * @return cancels the action when it is run
         */
        Runnable after(Runnable action, long nanos);
    }

    /**
     * A deadline at which the gatherer receives the available results.
     *
     * @param timeout from now
     * @param clock schedules the expiry
     * @return the deadline
     * @throws NullPointerException if {@code timeout} is null
     */
    public static Deadline partial(Duration timeout, Clock clock) {
        return new Deadline(
                new CancellationException("the time of this gather was over"), true, Durations.nanos(timeout), clock);
    }

    /** Schedules the action. Returns what cancels it, or null if there is nothing to cancel. */
    @Nullable
    Runnable set(Runnable action) {
        if (nanos == Long.MAX_VALUE) {
            return null;
        }
        if (nanos <= 0) {
            action.run();
            return null;
        }
        return clock.after(action, nanos);
    }
}
