package lox.reactor;

import java.util.concurrent.TimeUnit;
import lox.sync.spi.Timekeeper;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler's clock and timer: real or virtual. */
record SchedulerTime(Scheduler scheduler) implements Timekeeper {
    @Override
    public long nanoTime() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    @Override
    public Runnable schedule(Runnable task, long nanos) {
        Disposable scheduled = scheduler.schedule(task, nanos, TimeUnit.NANOSECONDS);
        return scheduled::dispose;
    }
}
