package lox.sync;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import lox.sync.internal.time.Timer;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;

/**
 * A clock and a timer. By default the JVM's clock and the {@link Timer}, which runs what is due on a shared thread.
 */
final class SystemTime implements Timekeeper {
    private final LongSupplier clock;
    private final @Nullable ScheduledExecutorService timer;

    private SystemTime(LongSupplier clock, @Nullable ScheduledExecutorService timer) {
        this.clock = clock;
        this.timer = timer;
    }

    static SystemTime of(@Nullable LongSupplier clock, @Nullable ScheduledExecutorService timer) {
        return new SystemTime(clock == null ? System::nanoTime : clock, timer);
    }

    @Override
    public long nanoTime() {
        return clock.getAsLong();
    }

    @Override
    public Runnable schedule(Runnable task, long nanos) {
        // A hook that blocks must not stop the one clock.
        Future<?> scheduled =
                timer == null ? Timer.afterElsewhere(task, nanos) : timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }
}
