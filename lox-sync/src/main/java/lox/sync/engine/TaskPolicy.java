package lox.sync.engine;

import java.util.function.Predicate;

/**
 * What holds for every task of a {@link LanePool}: how long an attempt may take, and which failures get another one.
 *
 * @param timeoutNanos after which an attempt is interrupted and has failed; {@link #NO_TIMEOUT} for never
 * @param timeout makes the failure of an attempt that took too long
 * @param retries how many attempts a task may have after its first
 * @param retryable which failures are worth another attempt
 */
public record TaskPolicy(long timeoutNanos, Timeout timeout, int retries, Predicate<? super Throwable> retryable) {
    /** The time of a task that may take as long as it likes. */
    public static final long NO_TIMEOUT = Long.MAX_VALUE;

    /** One attempt, as long as it takes. */
    public static final TaskPolicy NONE = new TaskPolicy(
            NO_TIMEOUT,
            (index, name) -> {
                throw new IllegalStateException("no timeout has been set");
            },
            0,
            failure -> false);

    /** Makes the failure of an attempt that took too long. */
    @FunctionalInterface
    public interface Timeout {
        /**
         * Makes the failure.
         *
         * @param index the index of the scatter
         * @param name what the workers are called
         * @return what the task has failed with
         */
        Throwable after(int index, String name);
    }

    boolean hasTimeout() {
        return timeoutNanos != NO_TIMEOUT;
    }

    /** Whether tasks are run just once, and for as long as they take. */
    boolean isNone() {
        return !hasTimeout() && retries == 0;
    }

    /** The same without a timeout: who stands at a breakpoint takes his time. */
    TaskPolicy withoutTimeout() {
        return hasTimeout() ? new TaskPolicy(NO_TIMEOUT, timeout, retries, retryable) : this;
    }

    /** Whether a task whose attempts so far have failed gets another one. A predicate that throws says no. */
    boolean grantsAnother(int attempts, Throwable failure) {
        if (attempts > retries) {
            return false;
        }
        try {
            return retryable.test(failure);
        } catch (Throwable thrown) {
            if (thrown != failure) {
                failure.addSuppressed(thrown);
            }
            return false;
        }
    }
}
