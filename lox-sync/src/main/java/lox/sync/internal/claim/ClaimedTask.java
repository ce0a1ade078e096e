package lox.sync.internal.claim;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * A task that a lane has taken: its slot in its batch, and the content of the slot or the result of the previous stage.
 */
public record ClaimedTask(
        Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
    /** Drops the task, whose batch has ended before it was started. */
    void drop(FunctionObserver observer) {
        SlotCleanup.drop(home, chunk, index, content, observer);
    }

    /** The same task with other content. */
    ClaimedTask with(@Nullable Object changed) {
        return new ClaimedTask(home, chunk, index, changed);
    }
}
