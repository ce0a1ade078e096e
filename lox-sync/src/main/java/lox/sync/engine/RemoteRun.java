package lox.sync.engine;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that travel to a {@link RemoteWorker} together. The worker runs them in order, so at any time the run looks like this:
 *
 * <pre>
 *   0            settled()                    limit()          size()
 *   |  results    |  running, or to be started  |  never started  |
 * </pre>
 *
 * {@code settled} only grows and {@code limit} only falls; the run is over when they meet. Where the limit has fallen, the tasks
 * behind it are the caller's again: the worker has not started them and never will, whether they were
 * {@linkplain #recall() recalled} or the worker is gone.
 *
 * <p>One thread fills, sends and harvests it; {@link #recall} may be called from any.
 */
public interface RemoteRun {
    /** Thrown instead of a result: the task ran for longer than it may, and its worker was killed. */
    final class TimedOut extends Exception {
        private static final long serialVersionUID = 1L;

        /** Says nothing: whoever catches it knows more. */
        public TimedOut() {
            super(null, null, false, false);
        }
    }

    /**
     * Adds a task.
     *
     * @param argument what is passed to the function
     * @throws RuntimeException if it cannot be serialised; then nothing was added
     */
    void add(@Nullable Object argument);

    /**
     * Tells whether it is to be sent before more is added.
     *
     * @return true if it has as many tasks, or bytes, as travel well together
     */
    boolean isFull();

    /**
     * Counts the tasks.
     *
     * @return how many were added
     */
    int size();

    /**
     * Counts the bytes.
     *
     * @return so many were sent
     */
    long bytes();

    /**
     * Sends the tasks. Does not throw: if the worker has gone, the limit falls.
     *
     * @param giveUp asked while it cannot go on; true kills the worker
     */
    void send(BooleanSupplier giveUp);

    /**
     * Counts the results.
     *
     * @return so many tasks, from the first on, have ended
     */
    int settled();

    /**
     * Tells how many tasks are the worker's.
     *
     * @return those from here on are the caller's again
     */
    int limit();

    /**
     * Gives a result.
     *
     * @param index of a task that is settled; each is to be asked for once
     * @return what the function returned
     * @throws TimedOut if its worker was killed because the task took too long
     * @throws InterruptedException if its worker was killed by {@link #stop}
     * @throws Throwable what the function threw, or why there is no result
     */
    @Nullable
    Object result(int index) throws Throwable;

    /**
     * Waits until there is news. Returns at once if there is, and when the thread is interrupted, whose flag is then cleared.
     *
     * @param settled what the caller knows of
     * @param limit what the caller knows of
     */
    void await(int settled, int limit);

    /** Asks for what has not been started. The limit falls when the worker has answered. Does not wait for that. */
    void recall();

    /** Ends the run at once: recalls what has not been started, and kills the worker if it is in one of its tasks. */
    void stop();
}
