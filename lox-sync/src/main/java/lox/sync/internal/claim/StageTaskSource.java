package lox.sync.internal.claim;

import lox.sync.internal.chain.SlotRange;
import lox.sync.internal.chain.Stage;
import lox.sync.internal.core.Batch;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a later function of a chain, which wait in ranges of one each. A task that is put back goes to the end
 * of that function's queue.
 */
public final class StageTaskSource implements TaskSource {
    private final Stage stage;

    public StageTaskSource(Stage stage) {
        this.stage = stage;
    }

    @Override
    public @Nullable Batch homeOf(Batch batch, @Nullable Object content) {
        return content instanceof SlotRange range ? range.home() : batch;
    }

    @Override
    public @Nullable ClaimedTask take(Batch queue, int index, Slots.Chunk chunk) {
        SlotRange range = takeRange(queue, index, chunk);
        Batch home = range == null ? null : range.home();
        if (range == null || home == null) {
            return null;
        }
        int at = range.from(); // a range has at most one
        Slots.Chunk waiting = home.slots().filledChunk(at);
        return stage.take(waiting, at) ? new ClaimedTask(home, waiting, at, waiting.value(at)) : null;
    }

    @Override
    public void putBack(ClaimedTask task) {
        stage.putBack(task.home(), task.chunk(), task.index(), task.content());
    }

    /** Takes the range out of the queue, which does not keep ranges that have left it. */
    private static @Nullable SlotRange takeRange(Batch queue, int index, Slots.Chunk chunk) {
        Object content = chunk.value(index);
        chunk.finish(index, null, Slots.DONE);
        queue.finished(1);
        return content instanceof SlotRange range ? range : null;
    }
}
