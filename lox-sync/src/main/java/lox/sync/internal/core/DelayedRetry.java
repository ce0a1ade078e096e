package lox.sync.internal.core;

import java.util.concurrent.Future;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/** One task that waits for its next attempt: where its slot is, and what wakes it. */
final class DelayedRetry {
    private final int index;
    private volatile @Nullable Batch home; // null when it has been claimed or dropped, so that a timer keeps no batch
    private volatile Slots.@Nullable Chunk chunk;
    private volatile @Nullable Future<?> timer;

    DelayedRetry(Batch home, Slots.Chunk chunk, int index) {
        this.home = home;
        this.chunk = chunk;
        this.index = index;
    }

    @Nullable
    Batch home() {
        return home;
    }

    Slots.@Nullable Chunk chunk() {
        return chunk;
    }

    int index() {
        return index;
    }

    /** Whether nobody will run it any more. */
    boolean isDropped() {
        Slots.Chunk in = chunk;
        return in == null || in.state(index) == Slots.DROPPED;
    }

    /** Sets the pending action that wakes it. */
    void wakeBy(Future<?> action) {
        timer = action;
        if (home == null) { // cleared before the timer could be seen
            action.cancel(false);
        }
    }

    void clear() {
        home = null;
        chunk = null;
        Future<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
