package lox.sync.internal.remote;

import lox.sync.spi.RemoteRun;
import org.jspecify.annotations.Nullable;

/** The run that a lane waits for, as the stall watch sees it. */
final class InFlightRun {
    private volatile @Nullable RemoteRun run;
    private @Nullable RemoteRun runAtLastTick; // both used only by the watch
    private int settledAtLastTick;

    void set(@Nullable RemoteRun now) {
        run = now;
    }

    /** Whether the worker holds tasks that it may not have started. */
    boolean hasUnstarted() {
        RemoteRun now = run;
        return now != null && now.limit() - now.settled() > 1;
    }

    /** Takes back the tasks that the worker has not started. May wait until a short message is sent. */
    void recall() {
        RemoteRun now = run;
        if (now != null) {
            now.recall();
        }
    }

    /** Whether the worker is at the same task as at the last call. Called by the watch. */
    boolean hasStoodStill() {
        RemoteRun now = run;
        int settled = now == null ? -1 : now.settled();
        boolean still = now == runAtLastTick && settled == settledAtLastTick;
        runAtLastTick = now;
        settledAtLastTick = settled;
        return still && now != null;
    }
}
