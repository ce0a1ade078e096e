package lox.sync.internal.process;

import java.io.IOException;
import lox.sync.event.WorkerEnd;
import lox.sync.process.WorkerCrashedException;
import lox.sync.process.WorkerLostException;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.host.WorkerLink;

/**
 * The end of one worker: whether and why its process is being ended, and what the end means for the tasks that it had.
 *
 * <p>The worker is gone when its {@link RunQueue} is closed. Safe for use from many threads.
 */
final class WorkerLifecycle {
    private final String pool;
    private final WorkerLink link;
    private final RunQueue runs;
    private final boolean failsAllLost;

    private volatile boolean killed;
    private volatile boolean lost;
    private volatile boolean timedOut;
    private volatile long tooLong; // the number of the task that has timed out, among those that the worker has started
    private volatile boolean retired;
    private boolean blamed; // the receiver's

    /**
     * Makes one for a worker.
     *
     * @param failsAllLost whether every task that was sent and may have run fails if the machine is lost; else the
     *     first of them fails, and the others are handed back
     */
    WorkerLifecycle(String pool, WorkerLink link, RunQueue runs, boolean failsAllLost) {
        this.pool = pool;
        this.link = link;
        this.runs = runs;
        this.failsAllLost = failsAllLost;
    }

    // ---- any thread ------------------------------------------------------------------------------------------------

    /** Ends the process at once. The receiver does the rest. */
    void kill() {
        killed = true;
        link.kill();
    }

    /**
     * Ends the process at once, since a task has run for longer than it may.
     *
     * @param task its number among those that the worker has started
     */
    void timeOut(long task) {
        tooLong = task;
        timedOut = true;
        kill();
    }

    /** Ends the process at once, since the connection is of no use any more. */
    void lose() {
        lost = true;
        link.kill();
    }

    /** Notes that the process is told to end by itself. */
    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    boolean isGone() {
        return runs.isClosed();
    }

    boolean isUsable() {
        return !runs.isClosed() && !killed && !lost;
    }

    // ---- the receiver's thread -------------------------------------------------------------------------------------

    /** Once the process has ended: hands back what it had not started, and fails the task that it ran. */
    void settle() {
        runs.close();
        for (TaskRun run = runs.pollLeft(); run != null; run = runs.pollLeft()) {
            if (!run.isOver() && !blamed && isAtTask()) {
                blamed = true;
                run.failed(knownReason(run));
            }
            while (failsAllLost && wasLost() && !run.isOver()) { // any of them may have run
                run.failed(knownReason(run));
            }
            run.lowerLimit(run.settled());
            run.tell();
        }
    }

    private boolean isAtTask() {
        if (wasLost()) {
            return true; // or it has ended that task, and the result did not come
        }
        try {
            return link.started() > runs.ended();
        } catch (IOException | Error unknown) {
            return true;
        }
    }

    /** The reason; or what was thrown while it was described, for lack of memory, say. */
    private Throwable knownReason(TaskRun run) {
        try {
            return reason(run);
        } catch (Throwable untold) {
            return untold;
        }
    }

    private Throwable reason(TaskRun run) {
        if (timedOut && isAtTimedOut()) {
            return new RemoteRun.TimedOut();
        }
        if (killed && run.isStopped()) {
            return new InterruptedException(
                    "the batch has ended, and " + link.describe() + ", which ran the task, was killed");
        }
        String lost = link.lost();
        if (lost != null) {
            return new WorkerLostException(
                    link.describe() + " of \"" + pool + "\" was lost, and the task may have run: " + lost);
        }
        String why = timedOut ? "\" was killed, since the task before took too long, " : "\" crashed ";
        return crash(link.describe() + " of \"" + pool + why + "while it ran the task");
    }

    /** Whether the task that has timed out is the last one that the worker started: it may have ended meanwhile. */
    private boolean isAtTimedOut() {
        try {
            return link.started() <= tooLong;
        } catch (IOException closed) {
            return true;
        }
    }

    /** Whether nothing is known of the process's end; call after it has ended. */
    boolean wasLost() {
        return link.lost() != null;
    }

    /** How the process has ended; call after it has. */
    WorkerEnd end() {
        if (retired) {
            return WorkerEnd.ENDED;
        }
        return killed ? WorkerEnd.KILLED : WorkerEnd.CRASHED;
    }

    /** Describes the process's end; call after it has ended. */
    WorkerCrashedException crash(String what) {
        return link.crash(what);
    }

    /** Whether the worker has ended a task or failed one, or ended because it was told to. */
    boolean wasOfUse() {
        return runs.ended() > 0 || blamed || killed || retired || wasLost();
    }
}
