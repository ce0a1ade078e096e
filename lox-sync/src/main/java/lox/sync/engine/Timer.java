package lox.sync.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of the library that watches the clock, and the threads that do what takes longer than a look. The first must
 * never run anything of the user's. It ends after ten seconds without work.
 */
final class Timer {
    private static final ScheduledThreadPoolExecutor CLOCK = clock();
    private static final Executor THREADS = WorkerThreads.platform("lox-launch");

    private Timer() {}

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lox-watch");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Has a look taken on the clock's thread. Throws an error if there is no thread to be had; the look itself must not throw. */
    static void look(Runnable look, long nanos) {
        @SuppressWarnings("unused") // nobody waits for it
        Future<?> scheduled = CLOCK.schedule(look, nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs what may take time, or may be the user's, on another thread: the clock's own has to go on. */
    static void elsewhere(Runnable job) {
        THREADS.execute(job);
    }
}
