package lox.sync.internal.time;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import lox.sync.spi.Uncaught;

/**
 * The library's one timer thread: a daemon, {@value #THREAD_NAME}, which ends after ten seconds without a pending
 * action.
 *
 * <p>It runs only short actions of lox's own. Actions that may run users' code, or may block, go to the threads of
 * {@link SharedThreads}, by {@link #afterElsewhere} or from the action itself, since they would delay every timeout of
 * this JVM.
 *
 * <p>A cancelled action is removed at once. An action that throws does not affect the others; what it throws goes to
 * the uncaught handler of a shared thread. Safe for use from many threads.
 */
public final class Timer {
    static final String THREAD_NAME = "lox-clock";
    private static final int IDLE_SECONDS = 10;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Clock CLOCK = new Clock();

    private Timer() {}

    /**
     * Runs an action on the clock's thread. It cannot be cancelled.
     *
     * @param action neither blocks nor runs users' code
     * @param nanos from now; at once if it is zero or negative
     * @throws OutOfMemoryError if no thread can be created; then the action does not run
     */
    public static void later(Runnable action, long nanos) {
        @SuppressWarnings("unused") // nothing waits for it
        Future<?> scheduled = after(action, nanos);
    }

    /**
     * Runs an action on the clock's thread.
     *
     * @param action neither blocks nor runs users' code
     * @param nanos from now; at once if it is zero or negative
     * @return the pending action, to be cancelled when it is no longer wanted
     * @throws OutOfMemoryError if no thread can be created; then the action does not run
     */
    public static Future<?> after(Runnable action, long nanos) {
        return CLOCK.schedule(action, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Runs an action on a shared thread, as {@link #afterElsewhere} does. It cannot be cancelled.
     *
     * @param action may block
     * @param nanos from now; at once if it is zero or negative
     * @throws OutOfMemoryError if the clock's thread cannot be created; then the action does not run
     */
    public static void laterElsewhere(Runnable action, long nanos) {
        later(() -> elsewhere(action), nanos);
    }

    /**
     * Runs an action on a shared thread. Retries while no thread can be created.
     *
     * @param action may block
     * @param nanos from now; at once if it is zero or negative
     * @return the pending action, to be cancelled when it is no longer wanted; one that has begun is not interrupted
     * @throws OutOfMemoryError if the clock's thread cannot be created; then the action does not run
     */
    public static Future<?> afterElsewhere(Runnable action, long nanos) {
        return after(() -> elsewhere(action), nanos);
    }

    /**
     * Runs an action on a shared thread, now. Retries while no thread can be created.
     *
     * @param action may block
     * @throws OutOfMemoryError if the clock's thread cannot be created either; then the action does not run
     */
    public static void elsewhere(Runnable action) {
        try {
            SharedThreads.elsewhere(action);
        } catch (OutOfMemoryError noThread) {
            later(() -> elsewhere(action), RETRY_NANOS);
        }
    }

    /**
     * The number of pending actions.
     *
     * @return a snapshot
     */
    public static int waiting() {
        return CLOCK.getQueue().size();
    }

    private static final class Clock extends ScheduledThreadPoolExecutor {
        Clock() {
            super(1, OwnThreads.named(THREAD_NAME));
            setRemoveOnCancelPolicy(true);
            setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            allowCoreThreadTimeOut(true);
        }

        /** Reports what an action has thrown: its future keeps it, and is never read. */
        @Override
        protected void afterExecute(Runnable done, Throwable thrown) {
            if (done instanceof Future<?> future && future.isDone() && !future.isCancelled()) {
                try {
                    future.get();
                } catch (ExecutionException failed) {
                    Throwable thrownByAction = failed.getCause();
                    report(thrownByAction == null ? failed : thrownByAction);
                } catch (InterruptedException | CancellationException impossible) {
                    report(impossible);
                }
            }
        }

        private static void report(Throwable failure) {
            try {
                SharedThreads.elsewhere(() -> Uncaught.report(failure));
            } catch (Throwable noThread) { // rather on this thread than not at all
                Uncaught.report(failure);
            }
        }
    }
}
