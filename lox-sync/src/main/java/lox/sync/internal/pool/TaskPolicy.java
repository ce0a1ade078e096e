package lox.sync.internal.pool;

/**
 * The policy of every task of a {@link LanePool}: how long an attempt may take, and which failures are retried.
 *
 * @param timeoutNanos after which an attempt is interrupted and has failed; {@link #NO_TIMEOUT} for never
 * @param timeout creates the failure of an attempt that took too long
 * @param retry which failed tasks are tried again
 * @param arguments how the argument of a failed task is described
 */
public record TaskPolicy(long timeoutNanos, Timeout timeout, RetrySettings retry, ArgumentDescription arguments) {
    /** The timeout of a task that may take any time. */
    public static final long NO_TIMEOUT = Long.MAX_VALUE;

    /** One attempt without a timeout. */
    public static final TaskPolicy NONE = new TaskPolicy(
            NO_TIMEOUT,
            (index, name) -> {
                throw new IllegalStateException("no timeout has been set");
            },
            RetrySettings.NONE,
            ArgumentDescription.DEFAULT);

    /** Creates the failure of an attempt that took too long. */
    @FunctionalInterface
    public interface Timeout {
        /**
         * Creates the failure.
         *
         * @param index the number of the task in its batch or stream
         * @param task the task, for the message
         * @return the task's failure
         */
        Throwable after(int index, String task);
    }

    public boolean hasTimeout() {
        return timeoutNanos != NO_TIMEOUT;
    }

    /** Whether tasks run only once and without a timeout. */
    public boolean isNone() {
        return !hasTimeout() && retry.retries() == 0;
    }

    /** This policy without a timeout, so that a debugger may stop at a breakpoint. */
    TaskPolicy withoutTimeout() {
        return hasTimeout() ? new TaskPolicy(NO_TIMEOUT, timeout, retry, arguments) : this;
    }
}
