package lox.sync.internal.claim;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ClaimedRange;
import lox.sync.internal.core.LaneSettings;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of the slots that a lane has claimed. A task that is put back lies in the lane's claimed range again. Other
 * lanes find it there, as they find tasks that a stalled thread has not started.
 */
final class SlotTaskSource implements TaskSource {
    private final LaneSettings settings;
    private final Lanes lanes;
    private final ClaimedRange claimed;

    SlotTaskSource(LaneSettings settings, Lanes lanes, ClaimedRange claimed) {
        this.settings = settings;
        this.lanes = lanes;
        this.claimed = claimed;
    }

    @Override
    public Batch homeOf(Batch batch, @Nullable Object content) {
        return batch;
    }

    @Override
    public ClaimedTask take(Batch batch, int index, Slots.Chunk chunk) {
        settings.limiter().leave();
        return new ClaimedTask(batch, chunk, index, chunk.value(index));
    }

    @Override
    public void putBack(ClaimedTask task) {
        claimed.reopen(task.index());
        settings.limiter().reenter();
        task.chunk().fill(task.index(), task.content());
        if (task.home().isEnded()) {
            SlotCleanup.dropIfFull(task.home(), task.index());
        } else {
            lanes.launchForReturned();
        }
    }
}
