package lox.sync.internal.remote;

import lox.sync.event.TaskEnd;
import lox.sync.internal.claim.ClaimedTask;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.observe.LaneObserver;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the attempts of one run in a worker elsewhere, in the order in which that worker runs them. A task counts as
 * started when the one before it has ended, as far as this side knows. The lane is out of its batch meanwhile.
 */
final class RemoteAttempts {
    private final LaneObserver observer;
    private final InterruptGuard guard;
    private final Batch home;
    private int started = -1; // its place in the run

    /** Begins to tell of a run. */
    RemoteAttempts(LaneObserver observer, InterruptGuard guard, Batch home, String worker) {
        this.observer = observer;
        this.guard = guard;
        this.home = home;
        observer.worker(worker);
    }

    /** Tells that the worker is at this task, unless that has been told. */
    void start(int at, ClaimedTask task) {
        if (at != started) {
            started = at;
            guard.leave();
            observer.started(
                    home.place(task.index()),
                    Envelope.failuresOf(task.content()) + 1,
                    home.observation().times().of(task.index()));
            Thread.interrupted(); // set by a listener
            guard.enter(home);
        }
    }

    /** Tells how the attempt that was started last has ended. */
    void end(TaskEnd end, long ranNanos, @Nullable Throwable failure) {
        guard.leave();
        observer.ended(end, ranNanos, failure);
        Thread.interrupted(); // set by a listener
        guard.enter(home);
    }

    /** Tells that the worker has given a task back, if that was thought to be under way. */
    void putBack(int at) {
        if (at == started) {
            end(TaskEnd.RETRIED, -1, null);
        }
    }

    /** Tells that the run has broken off, for lack of memory in the engine. */
    void breakOff(Throwable broken) {
        if (observer.isInAttempt()) {
            end(TaskEnd.FAILED, -1, broken);
        }
    }
}
