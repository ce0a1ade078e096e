package lox.sync.internal.remote;

import lox.sync.event.TaskEnd;
import lox.sync.internal.claim.ClaimedTask;
import lox.sync.internal.claim.ClaimedTasks;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.InterruptEcho;
import lox.sync.internal.core.LaneSettings;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorkers;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of tasks that have ended in a worker. Used only by the lane. */
final class TaskOutcomes {
    /** Stores what has come of a task. */
    @FunctionalInterface
    interface Settlement {
        void settle(ClaimedTask task, @Nullable Object value, @Nullable Throwable failure);
    }

    private final LaneSettings settings;
    private final RemoteWorkers workers;
    private final ClaimedTasks claimedTasks;
    private final Settlement settlement;

    TaskOutcomes(LaneSettings settings, RemoteWorkers workers, ClaimedTasks claimedTasks, Settlement settlement) {
        this.settings = settings;
        this.workers = workers;
        this.claimedTasks = claimedTasks;
        this.settlement = settlement;
    }

    /**
     * Stores the result of one task, or puts the task back if it may be retried.
     *
     * @param at the task's place in the run
     * @param attempts told of the end of the attempt; or null
     */
    void store(ClaimedTask task, RemoteRun run, int at, @Nullable RemoteAttempts attempts) {
        Object value = null;
        Throwable failure = null;
        TaskEnd end = TaskEnd.FAILED;
        if (attempts != null) {
            attempts.start(at, task);
        }
        try {
            value = run.result(at);
            end = TaskEnd.SUCCEEDED;
        } catch (RemoteRun.TimedOut late) {
            failure = settings.failures().timeout(task.home(), task.index());
            end = TaskEnd.TIMED_OUT;
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (failure == null || !tryAgain(task, failure, run.ranNanos(at), attempts)) {
            if (attempts != null) {
                attempts.end(failure == null ? end : endOf(task.home(), end, failure), run.ranNanos(at), failure);
            }
            settlement.settle(task, value, failure);
        }
        Thread.interrupted(); // set by a listener, or by the end of a batch, which is detected in another way
    }

    /** Puts a failed task back, now or later, if it may be tried again. Returns false if it may not. */
    private boolean tryAgain(ClaimedTask task, Throwable failure, long ranNanos, @Nullable RemoteAttempts attempts) {
        int before = Envelope.failuresOf(task.content());
        boolean crashed = !task.home().isEnded() && workers.mayRetry(failure, before);
        if (!crashed && !claimedTasks.mayTryAgain(task, failure)) {
            return false;
        }
        if (attempts != null) {
            attempts.end(TaskEnd.RETRIED, ranNanos, failure);
        }
        if (crashed) {
            claimedTasks.putBackAfter(task, before + 1);
        } else {
            claimedTasks.tryAgain(task);
        }
        return true;
    }

    private TaskEnd endOf(Batch home, TaskEnd end, Throwable failure) {
        if (end == TaskEnd.FAILED && workers.isCrash(failure)) {
            return TaskEnd.CRASHED;
        }
        return end == TaskEnd.FAILED && home.isEnded() && InterruptEcho.isEcho(failure) ? TaskEnd.CANCELLED : end;
    }
}
