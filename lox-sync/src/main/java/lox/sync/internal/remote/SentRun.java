package lox.sync.internal.remote;

import java.util.List;
import lox.sync.internal.claim.ClaimedTask;
import lox.sync.internal.core.Batch;
import lox.sync.spi.RemoteRun;

/**
 * A run that a lane has sent, with its tasks. Used only by the lane.
 *
 * <pre>
 *   0          stored            kept              size
 *   |  settled   |  in the worker  |  put back       |
 * </pre>
 *
 * {@code stored} follows the run's {@code settled} and {@code kept} its {@code limit}. The run is over when they meet.
 */
final class SentRun {
    private final RemoteRun run;
    private final List<ClaimedTask> tasks;
    private final long begun;
    private int stored;
    private int kept;
    private boolean stopped;

    /**
     * Makes it of a run that is about to be sent.
     *
     * @param tasks at least one, all of one batch
     * @param begun when it was opened, by the clock
     */
    SentRun(RemoteRun run, List<ClaimedTask> tasks, long begun) {
        this.run = run;
        this.tasks = tasks;
        this.begun = begun;
        this.kept = tasks.size();
    }

    RemoteRun run() {
        return run;
    }

    /** The batch of all its tasks. */
    Batch home() {
        return tasks.get(0).home();
    }

    ClaimedTask task(int at) {
        return tasks.get(at);
    }

    long begun() {
        return begun;
    }

    /** How many results have been stored. */
    int stored() {
        return stored;
    }

    /** Notes that the next result has been stored. */
    void hasStored() {
        stored++;
    }

    /** How many tasks are the worker's, or were. */
    int kept() {
        return kept;
    }

    /** Notes that the tasks from there on have been put back. */
    void keepOnly(int limit) {
        kept = limit;
    }

    /** Whether tasks of it have come back unstarted. */
    boolean isCutShort() {
        return kept < tasks.size();
    }

    boolean isOver() {
        return stored >= kept;
    }

    /** Stops the run, once. */
    void stop() {
        if (!stopped) {
            stopped = true;
            run.stop();
        }
    }
}
