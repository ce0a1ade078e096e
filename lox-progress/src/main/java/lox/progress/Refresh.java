package lox.progress;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lox.sync.internal.time.Timer;

/**
 * Draws all bars anew about ten times a second while there is any, each by the queue of its output.
 * The timer is started with the first bar and stops by itself, so bars that come and go fast wake no thread each.
 */
final class Refresh {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Set<Drawing> DRAWINGS = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean IS_PENDING = new AtomicBoolean();

    private Refresh() {}

    /**
     * Draws from now on.
     *
     * @throws OutOfMemoryError if no thread can be created; a later call tries again
     */
    static void add(Drawing drawing) {
        DRAWINGS.add(drawing);
        schedule();
    }

    /** Draws no more, but for a drawing that has begun. */
    static void remove(Drawing drawing) {
        DRAWINGS.remove(drawing);
    }

    private static void schedule() {
        if (!DRAWINGS.isEmpty() && IS_PENDING.compareAndSet(false, true)) {
            boolean isScheduled = false;
            try {
                Timer.later(Refresh::due, INTERVAL_NANOS);
                isScheduled = true;
            } finally {
                if (!isScheduled) {
                    IS_PENDING.set(false);
                }
            }
        }
    }

    /** On the timer's thread, which does not draw itself: an output may block. */
    private static void due() {
        try {
            DRAWINGS.forEach(Drawing::refreshSoon);
        } finally { // even if there is no memory for a thread: perhaps next time
            again();
        }
    }

    private static void again() {
        IS_PENDING.set(false);
        schedule();
    }
}
