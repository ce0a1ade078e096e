package lox.sync.internal.claim;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ClaimedRange;
import lox.sync.internal.core.DelayedRetries;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.LaneSettings;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.pool.RetrySettings;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Takes tasks out of a lane's claimed range, and puts them back if they are tried again. Used only by the lane, one
 * thread at a time.
 */
public final class ClaimedTasks {
    private final LaneSettings settings;
    private final ClaimedRange claimed;
    private final TaskSource source;

    /** Creates the tasks of a lane; with another source if its slots hold no tasks of their own. */
    public ClaimedTasks(LaneSettings settings, Lanes lanes, ClaimedRange claimed, @Nullable TaskSource other) {
        this.settings = settings;
        this.claimed = claimed;
        this.source = other != null ? other : new SlotTaskSource(settings, lanes, claimed);
    }

    /**
     * Takes the next task of the claimed range, of that batch or of any; drops tasks whose batch has ended. Null at the
     * end.
     */
    public @Nullable ClaimedTask next(@Nullable Batch home) {
        Batch batch = claimed.batch();
        for (int index = claimed.next(); index >= 0 && batch != null; index = claimed.next()) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (chunk.state(index) != Slots.FULL) {
                continue;
            }
            if (home != null && source.homeOf(batch, chunk.value(index)) != home) {
                claimed.reopen(index);
                return null;
            }
            if (chunk.move(index, Slots.FULL, Slots.CLAIMED)) {
                ClaimedTask task = takenOrAborted(batch, index, chunk);
                if (task != null && !task.home().isEnded()) {
                    return task;
                }
                if (task != null) {
                    task.drop(settings.observer());
                }
            }
        }
        return null;
    }

    /**
     * Takes a task. If the engine itself fails here, no thread will settle the slot's content, so the batch is aborted.
     */
    private @Nullable ClaimedTask takenOrAborted(Batch batch, int index, Slots.Chunk chunk) {
        Batch home = source.homeOf(batch, chunk.value(index));
        try {
            return source.take(batch, index, chunk);
        } catch (Throwable broken) {
            if (home != null) {
                home.abort(broken);
            }
            throw broken;
        }
    }

    /** Puts back a task that has been taken and does not run. */
    public void putBack(ClaimedTask task) {
        source.putBack(task);
    }

    /** Puts a task back that has not run to its end, for its next attempt. */
    public void putBackAfter(ClaimedTask task, int failures) {
        source.putBack(task.with(Envelope.afterFailures(task.content(), failures)));
    }

    /** Whether a failed task may be tried again. */
    public boolean mayTryAgain(ClaimedTask task, Throwable failure) {
        RetrySettings retry = settings.failures().policy().retry();
        return !task.home().isEnded() && retry.grantsAnother(Envelope.failuresOf(task.content()) + 1, failure);
    }

    /** Lets a failed task be tried again, now or later. */
    public void tryAgain(ClaimedTask task) {
        Batch home = task.home();
        RetrySettings retry = settings.failures().policy().retry();
        int attempt = Envelope.failuresOf(task.content()) + 1;
        DelayedRetries retries = settings.retries();
        if (retries == null) {
            putBackAfter(task, attempt);
        } else {
            Envelope content = Envelope.afterFailures(task.content(), attempt);
            retries.delay(home, task.chunk(), task.index(), content, retry.delayNanos(attempt));
        }
    }

    /** Takes the task out of a slot that has just been started, and fails it. */
    public void refuse(Batch batch, int index, Slots.Chunk chunk, Throwable reason) {
        ClaimedTask task = source.take(batch, index, chunk);
        if (task != null) {
            settings.failures().refuse(task.home(), task.index(), task.content(), reason);
        }
    }
}
