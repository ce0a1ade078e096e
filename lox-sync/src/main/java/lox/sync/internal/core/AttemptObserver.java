package lox.sync.internal.core;

import lox.sync.event.TaskEnd;
import lox.sync.internal.observe.LaneObserver;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the attempts that one lane makes, and keeps the lane out of its batch meanwhile: a listener must not be
 * interrupted for the batch. Between an attempt's end and the next start the lane stays out, unless the result may have
 * to wait on its way to the next function.
 */
final class AttemptObserver {
    private final LaneObserver observer;
    private final InterruptGuard guard;
    private final boolean inline;
    private final boolean passesOn;

    /**
     * Makes it for a lane.
     *
     * @param inline whether the thread is the caller's, whose interrupt flag is left alone
     * @param passesOn whether there is a next function
     */
    AttemptObserver(LaneObserver observer, InterruptGuard guard, boolean inline, boolean passesOn) {
        this.observer = observer;
        this.guard = guard;
        this.inline = inline;
        this.passesOn = passesOn;
    }

    /**
     * Tells that an attempt starts.
     *
     * @param again whether the one before has just failed here
     * @return false if the batch has ended by now: the function must not be called, since no thread might interrupt it
     */
    boolean start(Batch batch, int index, int attempt, boolean again) {
        guard.leave();
        if (again) {
            observer.refresh();
        }
        long since = again ? observer.now() : batch.observation().times().of(index);
        observer.started(batch.place(index), attempt, since);
        if (!inline) {
            Thread.interrupted(); // set by the listener
        }
        guard.enter(batch);
        return !batch.isEnded();
    }

    /** Tells how the attempt has ended. */
    void end(Batch batch, int index, TaskEnd end, @Nullable Throwable failure) {
        guard.leave();
        if (!inline) {
            Thread.interrupted(); // meant for the attempt
        }
        observer.ended(end, failure);
        if (!inline) {
            Thread.interrupted(); // set by the listener
        }
        if (passesOn) {
            batch.observation().times().note(index, observer.now());
            guard.enter(batch);
        }
    }

    /** Looks at the clock anew, after the result has been passed on. */
    void passedOn() {
        observer.refresh();
    }

    /** For the thread that has taken the attempt over: from now on the lane has none. */
    LaneObserver.@Nullable OpenAttempt takeOver() {
        return observer.takeOver();
    }
}
