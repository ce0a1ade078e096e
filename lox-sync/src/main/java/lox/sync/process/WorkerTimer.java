package lox.sync.process;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does things to workers later on. One daemon thread for all pools, which goes when nothing is left to do. */
final class WorkerTimer {
    private static final long KEPT_SECONDS = 10;
    private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

    private WorkerTimer() {}

    private static ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lox-worker-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(KEPT_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Runs an action after a while. What it throws is logged. */
    static void after(Duration delay, Runnable action) {
        Future<?> ticking = EXECUTOR.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS);
        assert ticking != null;
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            System.getLogger(WorkerTimer.class.getName())
                    .log(System.Logger.Level.WARNING, "a worker process could not be ended", e);
        }
    }
}
