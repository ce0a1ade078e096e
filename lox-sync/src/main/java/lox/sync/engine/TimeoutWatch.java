package lox.sync.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks whether a lane of one Scatter has been at its task for too long. A task that starts after a look cannot be due before the
 * limit has passed once more, so it is enough to look when the first of the running tasks is due, and at the latest one limit
 * after the last look. That way a task costs one reading of the clock, however short the limit, and nobody is told when it starts.
 *
 * <p>The watch begins with the first lane and ends when none is left.
 */
final class TimeoutWatch {
    /** As exact as it gets: with many tasks there is always one due. */
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A watch keeps its Scatter: not for hours. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Lanes lanes;
    private final Dialect dialect;
    private final long limit;
    private final AtomicBoolean watched = new AtomicBoolean();

    TimeoutWatch(Lanes lanes, Dialect dialect, long limit) {
        this.lanes = lanes;
        this.dialect = dialect;
        this.limit = limit;
    }

    /** Makes sure that somebody watches. To be called by a lane that has entered, before its first task. */
    void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            lookAfter(Math.min(limit, LONGEST_NANOS));
        }
    }

    private void lookAfter(long nanos) {
        try {
            Timer.look(this::look, nanos);
        } catch (Throwable noThread) {
            watched.set(false); // the next lane tries again
            dialect.drop(noThread);
        }
    }

    private void look() {
        long now = TaskClock.now();
        long next = now + Math.min(limit, LONGEST_NANOS);
        boolean anybody = false;
        for (Lane lane : lanes.all()) {
            anybody = true;
            next = Math.min(next, due(lane, now));
        }
        if (anybody) {
            lookAfter(Math.max(next - now, SHORTEST_NANOS));
        } else {
            watched.set(false);
            if (lanes.all().iterator().hasNext()) { // it came in between and has counted on this watch
                watch();
            }
        }
    }

    private long due(Lane lane, long now) {
        TaskClock clock = lane.clock();
        if (clock == null) {
            return Long.MAX_VALUE;
        }
        try {
            return clock.look(now, limit);
        } catch (
                Throwable thrown) { // by a thread class of the user's, or for lack of memory: the next one has its turn
            // too
            dialect.drop(thrown);
            return now + limit;
        }
    }
}
