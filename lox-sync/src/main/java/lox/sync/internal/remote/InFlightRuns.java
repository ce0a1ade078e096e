package lox.sync.internal.remote;

import lox.sync.spi.RemoteRun;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a lane waits for, as the stall watch sees them: the one whose results come next, and perhaps one that
 * was sent behind it. The lane sets them, the watch reads them; it may see them half-way between two states, and
 * decides anew at its next look.
 */
final class InFlightRuns {
    /**
     * A worker far away may have gone on long ago: what it does is known a trip later, and a task of two trips is
     * expected there.
     */
    private static final int PATIENCE_TRIPS = 3;

    private volatile @Nullable RemoteRun first;
    private volatile @Nullable RemoteRun behind;
    private volatile long begun; // when the worker was first at a task of the first run
    private volatile long patienceNanos;

    private @Nullable RemoteRun firstAtLastTick; // used only by the watch, as the next two
    private int settledAtLastTick;
    private long stillSince;

    /** Notes a run whose results come next, and that none is behind it. */
    void set(RemoteRun now, long nowNanos, long tripNanos) {
        behind = null;
        patienceNanos = PATIENCE_TRIPS * tripNanos;
        begun = nowNanos;
        first = now;
    }

    /** Notes a run that was sent behind the first. */
    void setBehind(RemoteRun next) {
        behind = next;
    }

    void clear() {
        behind = null;
        first = null;
    }

    /** For any thread: since when the worker is at the first run, by the clock. */
    long begun() {
        return begun;
    }

    /** Whether the worker holds tasks that it may not have started. */
    boolean hasUnstarted() {
        RemoteRun now = first;
        RemoteRun next = behind;
        return (now != null && now.limit() - now.settled() > 1) || (next != null && next.limit() > next.settled());
    }

    /**
     * Takes back the tasks that the worker has not started, the last ones first. May wait until short messages are
     * sent.
     */
    void recall() {
        RemoteRun next = behind;
        if (next != null) {
            next.recall();
        }
        RemoteRun now = first;
        if (now != null) {
            now.recall();
        }
    }

    /** Ends the runs at once. */
    void stop() {
        RemoteRun next = behind;
        if (next != null) {
            next.stop();
        }
        RemoteRun now = first;
        if (now != null) {
            now.stop();
        }
    }

    /**
     * Whether the worker is at the same task as at the last call, and no news can be on its way. Called by the watch.
     */
    boolean hasStoodStill() {
        RemoteRun now = first;
        int settled = now == null ? -1 : now.settled();
        long nanos = System.nanoTime();
        if (now != firstAtLastTick || settled != settledAtLastTick) {
            firstAtLastTick = now;
            settledAtLastTick = settled;
            stillSince = nanos;
            return false;
        }
        return now != null && nanos - stillSince >= patienceNanos;
    }
}
