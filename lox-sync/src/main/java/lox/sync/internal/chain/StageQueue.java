package lox.sync.internal.chain;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchOwner;
import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * The queue between two functions of a chain. Its slots hold {@link SlotRange}s of items that wait in the slots of
 * their own batches. It is never gathered. It fails only if its pool does, and then the batches of its items end with
 * the same cause.
 */
final class StageQueue extends Batch {
    StageQueue(BatchOwner owner, int capacity) {
        super(owner, capacity);
    }

    /** The items of a range are counted, not the range. */
    @Override
    public void leaveQueue(@Nullable Object content) {
        if (!(content instanceof SlotRange)) {
            super.leaveQueue(content);
        }
    }

    @Override
    public void dropped(@Nullable Object content) {
        if (content instanceof SlotRange range) {
            Batch home = range.home();
            if (home != null) {
                home.endLike(this);
            }
        } else {
            super.dropped(content);
        }
    }

    /** Ranges are no tasks. */
    @Override
    protected @Nullable FunctionObserver observer(byte waiting) {
        return null;
    }

    /** Clears the references to a batch that has ended and whose items have been dropped. */
    void release(Batch home) {
        int filled = upperBound();
        for (int i = 0; i < filled; i++) {
            Slots.Chunk chunk = slots().chunk(i);
            if (chunk != null && chunk.state(i) == Slots.FULL && chunk.value(i) instanceof SlotRange range) {
                range.release(home);
            }
        }
    }
}
