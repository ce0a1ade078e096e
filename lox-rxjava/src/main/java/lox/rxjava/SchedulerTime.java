package lox.rxjava;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.concurrent.TimeUnit;
import lox.sync.spi.Timekeeper;

/** A scheduler's clock and timer: real or virtual. */
record SchedulerTime(Scheduler scheduler) implements Timekeeper {
    @Override
    public long nanoTime() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    @Override
    public Runnable schedule(Runnable task, long nanos) {
        Disposable scheduled = scheduler.scheduleDirect(task, nanos, TimeUnit.NANOSECONDS);
        return scheduled::dispose;
    }
}
