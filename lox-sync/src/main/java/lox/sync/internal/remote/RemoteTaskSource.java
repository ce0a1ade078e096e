package lox.sync.internal.remote;

import lox.sync.internal.core.Batch;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/** Finds the task in a slot that a lane has claimed to send to a remote worker. Used only by the lane's own thread. */
interface RemoteTaskSource {
    /** The batch of the task; null if the batch has ended and the slot has been cleared. */
    @Nullable
    Batch homeOf(Batch batch, @Nullable Object content);

    /** Takes the task out of a slot that has just been started; null if there is none any more. */
    @Nullable
    RemoteTask take(Batch batch, int index, Slots.Chunk chunk);

    /**
     * Puts back a task that was sent, has not been started there, and never will be. This lane or another takes it
     * again.
     */
    void putBack(RemoteTask task);
}
