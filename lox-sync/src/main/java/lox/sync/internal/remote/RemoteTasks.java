package lox.sync.internal.remote;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ClaimedRange;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Takes tasks out of a lane's claimed range, to be sent away. Tasks that are sent together belong to one batch. Used
 * only by the lane's own thread.
 */
final class RemoteTasks {
    private final ClaimedRange claimed;
    private final RemoteTaskSource source;

    RemoteTasks(ClaimedRange claimed, RemoteTaskSource source) {
        this.claimed = claimed;
        this.source = source;
    }

    /**
     * Takes the next task of the claimed range, if it belongs to that batch; drops tasks whose batch has ended. Null at
     * the end.
     */
    @Nullable
    RemoteTask next(@Nullable Batch home) {
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
                RemoteTask task = takenOrAborted(batch, index, chunk);
                if (task != null && !task.home().isEnded()) {
                    return task;
                }
                if (task != null) {
                    task.drop();
                }
            }
        }
        return null;
    }

    /**
     * Takes a task. If the engine itself fails here, no thread will settle the slot's content, so the batch is aborted.
     */
    private @Nullable RemoteTask takenOrAborted(Batch batch, int index, Slots.Chunk chunk) {
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

    void putBack(RemoteTask task) {
        source.putBack(task);
    }
}
