package lox.sync.internal.remote;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * A task to be sent to a remote worker: its slot in its batch, and the content of the slot or the result of the
 * previous stage.
 */
public record RemoteTask(
        Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
    /** Drops the task, whose batch has ended before it was sent. */
    public void drop() {
        SlotCleanup.drop(home, chunk, index, content);
    }
}
