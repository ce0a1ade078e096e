package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/** The run that a lane waits for, as the watch sees it. */
final class RunUnderWay {
    private volatile @Nullable RemoteRun run;
    private @Nullable RemoteRun runAtLastTick; // both the watch's own
    private int settledAtLastTick;

    void set(@Nullable RemoteRun now) {
        run = now;
    }

    /** Whether the worker holds tasks that it may not have started. */
    boolean hasUnstarted() {
        RemoteRun now = run;
        return now != null && now.limit() - now.settled() > 1;
    }

    /** Takes back what the worker has not started. May wait for a short message to get through. */
    void recall() {
        RemoteRun now = run;
        if (now != null) {
            now.recall();
        }
    }

    /** For the watch: whether the worker is at the task where it was at the last call. */
    boolean hasStoodStill() {
        RemoteRun now = run;
        int settled = now == null ? -1 : now.settled();
        boolean still = now == runAtLastTick && settled == settledAtLastTick;
        runAtLastTick = now;
        settledAtLastTick = settled;
        return still && now != null;
    }
}
