package lox.sync.internal.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import lox.sync.internal.time.Durations;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/** Ends the workers of a pool that no caller has had for a while. The pool's lock guards it. */
final class IdleTimer {
    private final Object lock;
    private final Duration timeout;
    private final List<IdleWorkers> watched;
    private @Nullable Future<?> pending;

    /**
     * Makes one that is not armed.
     *
     * @param lock of the pool
     * @param timeout how long a worker may be idle
     * @param watched the workers that no caller has
     */
    IdleTimer(Object lock, Duration timeout, List<IdleWorkers> watched) {
        this.lock = lock;
        this.timeout = timeout;
        this.watched = watched;
    }

    /**
     * Call with the lock, when a worker has become idle. If there is no thread for the timer, the next one tries
     * again.
     */
    void arm() {
        Duration longest = null;
        for (IdleWorkers workers : watched) {
            Duration one = workers.longest();
            longest = longest == null || (one != null && one.compareTo(longest) > 0) ? one : longest;
        }
        if (pending == null && longest != null) {
            long left = Durations.nanos(timeout.minus(longest));
            pending = Timer.afterElsewhere(this::ring, left == Long.MAX_VALUE ? left : left + 1_000_000);
        }
    }

    /** Call with the lock, when the pool is closed: the clock would keep it, and what its options refer to. */
    void cancel() {
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void ring() {
        List<Worker> old = new ArrayList<>();
        synchronized (lock) {
            pending = null;
            for (IdleWorkers workers : watched) {
                old.addAll(workers.takeIdleFor(timeout));
            }
            arm();
        }
        old.forEach(Worker::retire);
    }
}
