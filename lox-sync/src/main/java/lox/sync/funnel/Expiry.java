package lox.sync.funnel;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Discards jobs when their time is over. One alarm at a time is set, for the oldest job. It is left to ring in vain when that
 * job is gone by then: setting an alarm for each job would cost more than the job.
 *
 * <p>A set alarm keeps the Funnel from being collected while jobs are pending, since their hook has to be told, and only so
 * long.
 */
final class Expiry<K> {
    private final Ages<K> ages;
    private final Timekeeper time;
    private final long nanos;
    private final Consumer<AgedJob<K>> expired;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean set = new AtomicBoolean();
    private final Alarm<K> alarm = new Alarm<>(this);
    private volatile @Nullable Runnable cancel;

    Expiry(Ages<K> ages, Timekeeper time, long nanos, Consumer<AgedJob<K>> expired, Consumer<Throwable> failed) {
        this.ages = ages;
        this.time = time;
        this.nanos = nanos;
        this.expired = expired;
        this.failed = failed;
    }

    long deadline() {
        return time.nanoTime() + nanos;
    }

    /** To be called after a job has been linked, outside its monitor. */
    void linked() {
        if (!set.get() || alarm.pending == null) {
            alarm.pending = this;
            setAlarm();
        }
    }

    // Either whoever links a job sees that no alarm is set, or the one who takes the alarm down sees the job.
    private void setAlarm() {
        if (set.compareAndSet(false, true)) {
            long delay = ages.untilDue(time.nanoTime());
            if (delay >= 0) {
                schedule(delay);
            } else {
                set.set(false);
                if (ages.oldest() != null) {
                    setAlarm();
                }
            }
        }
    }

    private void schedule(long delay) {
        try {
            cancel = time.schedule(alarm, delay);
        } catch (Throwable refused) { // the scheduler was shut down; the put that brought us here is good all the same
            set.set(false);
            failed.accept(refused);
        }
    }

    /** To be called after the last job has been unlinked. */
    void empty() {
        alarm.pending = null;
        if (ages.oldest() != null) {
            alarm.pending = this; // one came in between
        }
    }

    private void ring() {
        set.set(false);
        for (AgedJob<K> due = ages.oldestDue(time.nanoTime()); due != null; due = ages.oldestDue(time.nanoTime())) {
            expired.accept(due);
        }
        if (ages.oldest() != null) {
            setAlarm();
        }
    }

    void stop() {
        Runnable last = cancel;
        if (last != null) {
            last.run();
        }
        alarm.pending = null;
    }

    private static final class Alarm<K> implements Runnable {
        private final WeakReference<Expiry<K>> expiry;
        private volatile @Nullable Expiry<K> pending;

        Alarm(Expiry<K> expiry) {
            this.expiry = new WeakReference<>(expiry);
        }

        @Override
        public void run() {
            Expiry<K> alive = expiry.get();
            if (alive != null) {
                alive.ring();
            }
        }
    }
}
