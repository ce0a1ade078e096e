package lox.sync.internal.funnel;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;

/**
 * Discards jobs that have not been completed in time. One timer task at a time is scheduled, for the oldest job. It
 * is not cancelled if that job ends before: a timer task for each job would cost more than the job.
 *
 * <p>A scheduled task keeps the Funnel from being collected as long as jobs are pending, whose hook has to be called,
 * and no longer.
 */
final class Expiry<K> {
    private final JobsByAge<K> byAge;
    private final Timekeeper time;
    private final long nanos;
    private final Consumer<AgedJob<K>> expired;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ExpiryTask<K> task = new ExpiryTask<>(this);
    private volatile @Nullable Runnable cancel;

    Expiry(JobsByAge<K> byAge, Timekeeper time, long nanos, Consumer<AgedJob<K>> expired, Consumer<Throwable> failed) {
        this.byAge = byAge;
        this.time = time;
        this.nanos = nanos;
        this.expired = expired;
        this.failed = failed;
    }

    long deadline() {
        return time.nanoTime() + nanos;
    }

    /** Schedules the task if need be. Called after a job has been linked, outside its monitor. */
    void linked() {
        if (!scheduled.get() || task.pending == null) {
            task.pending = this;
            scheduleNext();
        }
    }

    // Of the thread that links a job and the thread that clears {@code scheduled}, at least one sees the other.
    private void scheduleNext() {
        if (scheduled.compareAndSet(false, true)) {
            long delay = byAge.untilDue(time.nanoTime());
            if (delay >= 0) {
                schedule(delay);
            } else {
                scheduled.set(false);
                if (byAge.oldest() != null) {
                    scheduleNext();
                }
            }
        }
    }

    private void schedule(long delay) {
        try {
            cancel = time.schedule(task, delay);
        } catch (Throwable refused) { // the scheduler was shut down; the put itself has succeeded
            scheduled.set(false);
            failed.accept(refused);
        }
    }

    /** Lets the Funnel be collected. Called after the last job has been unlinked. */
    void empty() {
        task.pending = null;
        if (byAge.oldest() != null) {
            task.pending = this; // a job has been linked in between
        }
    }

    private void expireDue() {
        scheduled.set(false);
        for (AgedJob<K> due = byAge.oldestDue(time.nanoTime()); due != null; due = byAge.oldestDue(time.nanoTime())) {
            expired.accept(due);
        }
        if (byAge.oldest() != null) {
            scheduleNext();
        }
    }

    void stop() {
        Runnable last = cancel;
        if (last != null) {
            last.run();
        }
        task.pending = null;
    }

    private static final class ExpiryTask<K> implements Runnable {
        private final WeakReference<Expiry<K>> expiry;
        private volatile @Nullable Expiry<K> pending;

        ExpiryTask(Expiry<K> expiry) {
            this.expiry = new WeakReference<>(expiry);
        }

        @Override
        public void run() {
            Expiry<K> live = expiry.get();
            if (live != null) {
                live.expireDue();
            }
        }
    }
}
