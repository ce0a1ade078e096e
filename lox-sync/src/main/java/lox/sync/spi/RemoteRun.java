package lox.sync.spi;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that are sent to a {@link RemoteWorker} together. The worker runs them in order, so at any time the run looks
 * like this:
 *
 * <pre>
 *   0            settled()                    limit()          size()
 *   |  results    |  running, or to be started  |  never started  |
 * </pre>
 *
 * {@code settled} only grows and {@code limit} only falls; the run is over when they meet. Once the limit has fallen,
 * the tasks beyond it are the caller's again: the worker has not started them and never will, whether they were
 * {@linkplain #recall() recalled} or the worker is gone.
 *
 * <p>One thread fills and sends the run and reads its results; any thread may call {@link #recall}.
 */
public interface RemoteRun {
    /** Thrown instead of a result: the task exceeded its timeout, and its worker was killed. */
    final class TimedOut extends Exception {
        private static final long serialVersionUID = 1L;

        /** Creates an exception without a message: the code that catches it knows more. */
        public TimedOut() {
            super(null, null, false, false);
        }
    }

    /**
     * Adds a task.
     *
     * @param argument passed to the function
     * @throws RuntimeException if it cannot be serialised; then nothing was added
     */
    void add(@Nullable Object argument);

    /**
     * Whether the run should be sent before more tasks are added.
     *
     * @return true if it has reached the best number of tasks, or bytes, for one message
     */
    boolean isFull();

    /**
     * The number of tasks.
     *
     * @return how many were added
     */
    int size();

    /**
     * The number of bytes.
     *
     * @return how many were sent
     */
    long bytes();

    /**
     * Sends the tasks. Does not throw: if the worker is gone, the limit falls.
     *
     * @param giveUp asked while sending cannot proceed; true kills the worker
     */
    void send(BooleanSupplier giveUp);

    /**
     * The number of results.
     *
     * @return how many tasks, from the first on, have ended
     */
    int settled();

    /**
     * The number of tasks that are the worker's.
     *
     * @return tasks from this index on are the caller's again
     */
    int limit();

    /**
     * Returns a result.
     *
     * @param index of a task that is settled; to be requested once each
     * @return what the function returned
     * @throws TimedOut if its worker was killed because the task took too long
     * @throws InterruptedException if its worker was killed by {@link #stop}
     * @throws Throwable what the function threw, or why there is no result
     */
    @Nullable
    Object result(int index) throws Throwable;

    /**
     * How long a task ran in the worker.
     *
     * @param index of a task that is settled
     * @return nanoseconds; -1 if that was not measured
     */
    default long ranNanos(int index) {
        return -1;
    }

    /**
     * Waits until {@code settled} or {@code limit} changes. Returns at once if one has changed already. Also returns
     * when the thread is interrupted, and then clears the interrupt flag.
     *
     * @param settled the value the caller knows
     * @param limit the value the caller knows
     */
    default void await(int settled, int limit) {
        await(settled, limit, null, 0);
    }

    /**
     * The same; also returns when the limit of another run changes, if one is given.
     *
     * @param settled the value the caller knows
     * @param limit the value the caller knows
     * @param behind a run that the caller has sent to the same worker after this one; or null
     * @param behindLimit the value the caller knows of that run's limit
     */
    void await(int settled, int limit, @Nullable RemoteRun behind, int behindLimit);

    /**
     * Requests the tasks that have not been started. The limit falls when the worker has answered. Does not wait for
     * that.
     */
    void recall();

    /** Ends the run at once: recalls the tasks not started, and kills the worker if it is running one of the others. */
    void stop();
}
