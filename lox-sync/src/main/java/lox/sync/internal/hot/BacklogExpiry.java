package lox.sync.internal.hot;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import lox.sync.spi.Timekeeper;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of a backlog: stamps items with the time, tells which have expired, and sees to it that they are
 * released where no put follows that would do it.
 *
 * <p>One timer task at a time is scheduled, for the oldest item, but never sooner than an eighth of the limit: where
 * many items expire one after the other, the task releases many at a time. It looks once a minute at least. It refers
 * weakly to the backlog, so an announcement that nothing else refers to is garbage, and its task soon is, too.
 */
final class BacklogExpiry {
    /** What expires. */
    interface Backlog {
        /** Releases what has expired. */
        void releaseExpired();

        /** The oldest item; null if there is none. */
        @Nullable
        Signal oldest();
    }

    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Timekeeper time;
    private final long limitNanos;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * Makes the limit of one backlog.
     *
     * @param limitNanos at what age an item expires
     * @param failed receives the failure of the timer to schedule a task
     */
    BacklogExpiry(Timekeeper time, long limitNanos, Consumer<Throwable> failed) {
        this.time = time;
        this.limitNanos = limitNanos;
        this.failed = failed;
    }

    /** Stamps an item with the time. */
    Signal stamp(@Nullable Object member, Object item) {
        return Signal.at(member, item, time.nanoTime());
    }

    long now() {
        return time.nanoTime();
    }

    /** Whether a value of the log is an item that has expired. */
    boolean isExpired(@Nullable Object value, long now) {
        return value instanceof Signal item && item.item() != null && now - item.time() >= limitNanos;
    }

    /** Schedules the task if need be. Called after an item has been appended. */
    void appended(Backlog backlog) {
        if (!scheduled.get()) {
            scheduleNext(backlog);
        }
    }

    // Of the thread that appends an item and the thread that clears {@code scheduled}, at least one sees the other.
    private void scheduleNext(Backlog backlog) {
        while (scheduled.compareAndSet(false, true)) {
            Signal oldest = backlog.oldest();
            if (oldest != null) {
                schedule(backlog, oldest.time() + limitNanos - time.nanoTime());
                return;
            }
            scheduled.set(false);
            if (backlog.oldest() == null) {
                return;
            }
        }
    }

    private void schedule(Backlog backlog, long untilDue) {
        WeakReference<Backlog> kept = new WeakReference<>(backlog);
        long pause = Math.max(untilDue, Math.max(limitNanos >> 3, SHORTEST_PAUSE_NANOS));
        try {
            time.schedule(() -> release(kept.get()), Math.min(pause, LONGEST_PAUSE_NANOS));
        } catch (Throwable refused) { // the scheduler was shut down; the put itself has succeeded
            scheduled.set(false);
            failed.accept(refused);
        }
    }

    private void release(@Nullable Backlog backlog) {
        scheduled.set(false);
        if (backlog != null) {
            backlog.releaseExpired();
            scheduleNext(backlog);
        }
    }
}
