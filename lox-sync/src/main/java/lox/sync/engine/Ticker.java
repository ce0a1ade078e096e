package lox.sync.engine;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The time that jobs of a {@link TimedExecutor} wait for. */
interface Ticker {
    /** The system's. One daemon thread keeps it for all, and goes after ten seconds without work. */
    Ticker SYSTEM = system();

    /** Now, in nanoseconds since some instant. */
    long nanoTime();

    /**
     * Does something later, and no job: it must not take long.
     *
     * @param action what is to be done
     * @param nanos when; less than one for at once
     * @return to be cancelled when it is not wanted any more
     */
    Future<?> after(Runnable action, long nanos);

    private static Ticker system() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, tick -> {
            Thread thread = new Thread(tick, "lox-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(10, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        return new Ticker() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Future<?> after(Runnable action, long nanos) {
                return clock.schedule(action, nanos, TimeUnit.NANOSECONDS);
            }
        };
    }
}
