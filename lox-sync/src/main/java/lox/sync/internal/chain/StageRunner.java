package lox.sync.internal.chain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ClaimedRange;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.core.LaneSettings;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.RangeRunner;
import lox.sync.internal.core.RunSizer;
import lox.sync.internal.core.ThreadRunner;
import lox.sync.internal.core.WorkSources;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of a later function of a chain. The slots that its lane claims are places in that function's queue.
 * Each holds a {@link SlotRange} of tasks in their home's slots. A second claimed range therefore covers the slot range
 * being run.
 */
public final class StageRunner extends ThreadRunner {
    private static final VarHandle PLACE;

    static {
        try {
            PLACE = MethodHandles.lookup().findVarHandle(StageRunner.class, "place", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Stage stage;
    private final Lanes lanes;
    private final ClaimedRange claimed = claimed();
    private final ClaimedRange items;

    @SuppressWarnings("unused") // through PLACE
    private int place; // in the queue, of the range that the items are in; read by other threads

    public StageRunner(Stage stage, LaneSettings settings, Lanes lanes, InterruptGuard guard) {
        super(settings, guard);
        this.stage = stage;
        this.lanes = lanes;
        this.items = new ClaimedRange(stage.waiting());
    }

    @Override
    public boolean hasUnstarted() {
        return super.hasUnstarted() || items.hasUnstarted();
    }

    @Override
    public boolean hasStoodStill() {
        return items.hasStoodStill();
    }

    // ---- finding work ----------------------------------------------------------------------------------------------

    @Override
    public int claim(Batch front, int most, @Nullable WorkSources sources) {
        return super.claim(front, places(front, most), sources);
    }

    /** The number of places in a queue that hold the given number of tasks. */
    private static int places(Batch queue, int tasks) {
        int places = 0;
        int first = (int) queue.counters().head();
        for (int sum = 0; sum < tasks; places++) {
            int index = first + places;
            Slots.Chunk chunk = queue.slots().chunk(index);
            if (chunk == null || chunk.state(index) != Slots.FULL) {
                break;
            }
            sum += chunk.value(index) instanceof SlotRange found ? found.to() - found.from() : 1;
        }
        return Math.max(1, places);
    }

    @Override
    public boolean shareIn(RangeRunner other, @Nullable Batch only) {
        if (other instanceof StageRunner like && items.share(like.items, only)) {
            PLACE.setOpaque(this, like.place());
            return true;
        }
        return super.shareIn(other, only);
    }

    @Override
    public int place() {
        return (int) PLACE.getOpaque(this);
    }

    @Override
    public boolean hasLeft() {
        return items.left() > 0 || claimed.left() > 0;
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    @Override
    public int run(RunSizer sizer, int most) {
        Batch home = items.batch();
        int ran = home != null && items.left() > 0 ? runRange(home, most) : 0;
        Batch queue = claimed.batch();
        if (queue != null && ran < most) {
            ran += runRanges(queue, sizer, most - ran);
        }
        count();
        return ran;
    }

    /** Runs the ranges at successive places in the queue. */
    private int runRanges(Batch queue, RunSizer sizer, int most) {
        int ran = 0;
        int taken = 0;
        Slots.Chunk chunk = null;
        while (ran < most) {
            int index = claimed.next();
            if (index < 0) {
                break;
            }
            chunk = queue.slots().filledChunk(index, chunk);
            if (claimed.take(chunk, index)) {
                PLACE.setOpaque(this, index);
                Batch home = chunk.value(index) instanceof SlotRange found ? found.openIn(items) : null;
                chunk.finish(index, null, Slots.DONE); // the queue does not keep a range that has left it
                taken++;
                if (home != null) {
                    ran += runRange(home, most - ran);
                }
            }
        }
        if (taken > 0) {
            queue.finished(taken);
            sizer.foundInSlots(ran, taken);
        }
        return ran;
    }

    private int runRange(Batch home, int most) {
        if (items.left() > 1) {
            lanes.shareOut();
        }
        return run(home, items, most);
    }

    @Override
    public void refuse(Batch queue, int index, Slots.Chunk chunk, Throwable reason) {
        Object content = chunk.value(index);
        chunk.finish(index, null, Slots.DONE);
        queue.finished(1);
        if (content instanceof SlotRange found) {
            stage.refuse(found, reason);
        }
    }

    // ---- leaving ---------------------------------------------------------------------------------------------------

    /** Puts the rest back behind the others. */
    @Override
    public void giveBack() {
        if (!hasLeft()) {
            return;
        }
        guard().leave();
        SlotRange rest = SlotRange.takeRest(items);
        if (rest != null) {
            stage.offerOrGiveUp(rest);
        }
        Batch queue = claimed.batch();
        for (int index = claimed.next(); index >= 0 && queue != null; index = claimed.next()) {
            Slots.Chunk chunk = queue.slots().filledChunk(index);
            if (claimed.take(chunk, index)) {
                Object content = chunk.value(index);
                chunk.finish(index, null, Slots.DONE);
                queue.finished(1);
                if (content instanceof SlotRange found) {
                    stage.offerOrGiveUp(found);
                }
            }
        }
    }

    @Override
    public void close() {
        super.close();
        items.close();
    }

    @Override
    public void abort(Throwable broken) {
        super.abort(broken);
        abort(items, broken);
    }
}
