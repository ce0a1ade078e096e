package lox.sync.lock;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one timer for requests that no thread waits in. A daemon, which goes when it has had nothing to do for a minute. */
final class Deadlines {
    private static final String THREAD_NAME = "lox-lock-deadlines";
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private Deadlines() {}

    static Future<?> schedule(Runnable expiry, long nanos) {
        return TIMER.schedule(expiry, nanos, TimeUnit.NANOSECONDS);
    }

    /** The timer's thread must not run users' callbacks: one that blocks would stop all clocks. */
    static boolean isTimerThread() {
        return Thread.currentThread() instanceof TimerThread;
    }

    static int scheduled() {
        return TIMER.getQueue().size();
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, TimerThread::new);
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.MINUTES);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    private static final class TimerThread extends Thread {
        TimerThread(Runnable work) {
            super(null, work, THREAD_NAME, 0, false);
            setDaemon(true);
        }
    }
}
