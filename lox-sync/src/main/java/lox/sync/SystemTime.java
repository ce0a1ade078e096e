package lox.sync;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import lox.sync.funnel.Timekeeper;
import org.jspecify.annotations.Nullable;

/** A clock and an executor's timer. By default the JVM's clock and one daemon thread, which hands on what is due. */
final class SystemTime implements Timekeeper {
    private final LongSupplier clock;
    private final ScheduledExecutorService timer;
    private final Executor runner;

    private SystemTime(LongSupplier clock, ScheduledExecutorService timer, Executor runner) {
        this.clock = clock;
        this.timer = timer;
        this.runner = runner;
    }

    static SystemTime of(@Nullable LongSupplier clock, @Nullable ScheduledExecutorService timer) {
        LongSupplier chosen = clock == null ? System::nanoTime : clock;
        // A hook that blocks must not stop the timer that others use.
        return timer == null
                ? new SystemTime(chosen, Shared.TIMER, ForkJoinPool.commonPool())
                : new SystemTime(chosen, timer, Runnable::run);
    }

    @Override
    public long nanoTime() {
        return clock.getAsLong();
    }

    @Override
    public Runnable schedule(Runnable task, long nanos) {
        Future<?> scheduled = timer.schedule(() -> runner.execute(task), nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** Made when it is first needed. Its thread goes when it has had nothing to do for a minute. */
    private static final class Shared {
        static final ScheduledThreadPoolExecutor TIMER = timer();

        private static ScheduledThreadPoolExecutor timer() {
            ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(null, task, "lox-timer", 0, false);
                thread.setDaemon(true);
                return thread;
            });
            timer.setRemoveOnCancelPolicy(true);
            timer.setKeepAliveTime(1, TimeUnit.MINUTES);
            timer.allowCoreThreadTimeOut(true);
            return timer;
        }
    }
}
