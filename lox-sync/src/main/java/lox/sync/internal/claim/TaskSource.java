package lox.sync.internal.claim;

import lox.sync.internal.core.Batch;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/** Finds the task in a slot that a lane has claimed. Used only by the lane, one thread at a time. */
public interface TaskSource {
    /** The batch of the task; null if the batch has ended and the slot has been cleared. */
    @Nullable
    Batch homeOf(Batch batch, @Nullable Object content);

    /** Takes the task out of a slot that has just been started; null if there is none any more. */
    @Nullable
    ClaimedTask take(Batch batch, int index, Slots.Chunk chunk);

    /** Puts back a task that has been taken and does not run. This lane or another takes it again. */
    void putBack(ClaimedTask task);
}
