package lox.sync.internal.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lox.sync.internal.time.SharedThreads;
import lox.sync.internal.time.Timer;
import lox.sync.spi.Dialect;

/**
 * A periodic check for tasks of one Scatter that exceed their time limit. A task that starts after a check cannot be
 * due before the limit has passed once more. It is therefore enough to check when the first of the running tasks is
 * due, and at the latest one limit after the last check. A task thus costs one reading of the clock, however short the
 * limit, and its start notifies no other thread.
 *
 * <p>The watch begins with the first lane and ends when none is left.
 */
final class TimeoutWatch {
    /** The resolution: with many tasks, one is always due. */
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A scheduled check keeps its Scatter reachable, which must not last for hours. */
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

    /** Starts the watch unless it is active. Called by a lane that has entered, before its first task. */
    void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            lookAfter(Math.min(limit, LONGEST_NANOS));
        }
    }

    private void lookAfter(long nanos) {
        try {
            Timer.later(this::look, nanos);
        } catch (Throwable noThread) {
            watched.set(false); // the next lane tries again
            dialect.drop(noThread);
        }
    }

    /** Runs an action that may call users' code on another thread. Throws an error if there is no thread for it. */
    private void runElsewhere(Runnable action) {
        SharedThreads.elsewhere(() -> {
            try {
                action.run();
            } catch (Throwable thrown) { // by a user's thread class, or for lack of memory
                dialect.drop(thrown);
            }
        });
    }

    private void look() {
        long now = AttemptTimer.now();
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
            if (lanes.all().iterator().hasNext()) { // a lane has entered in between and relied on this watch
                watch();
            }
        }
    }

    private long due(Lane lane, long now) {
        AttemptTimer clock = lane.tasks().clock();
        if (clock == null) {
            return Long.MAX_VALUE;
        }
        try {
            return clock.look(now, limit, this::runElsewhere);
        } catch (Throwable noThread) { // the next look tries again; go on with the next lane
            return now + SHORTEST_NANOS;
        }
    }
}
