package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The run of slots that a lane has claimed at once and works through. Others may look at it and take slots out of it.
 *
 * <p>A window is no more than a hint where unstarted slots may be found: who runs a slot is settled by the slot's own state, so
 * a reader that sees half of an old window and half of a new one can do no harm. The owner opens the window <em>before</em> it
 * moves the batch's head over it; whoever looks after the head has moved sees it.
 */
final class Window {
    private static final VarHandle POSITION;
    private static final VarHandle END;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            POSITION = lookup.findVarHandle(Window.class, "position", int.class);
            END = lookup.findVarHandle(Window.class, "end", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Batch batch;
    private int position;
    private int end;
    private int positionAtLastTick = -1; // the watch's own

    void open(Batch batch, int from, int to) {
        if (this.batch != batch) {
            this.batch = batch;
        }
        POSITION.setOpaque(this, from);
        END.setOpaque(this, to);
    }

    /** Lets go of the batch, so that an idle lane keeps no results alive. */
    void close() {
        batch = null;
    }

    /** For the owner: the next slot, or -1 at the end. */
    int next() {
        int at = position;
        if (at >= end) {
            return -1;
        }
        POSITION.setOpaque(this, at + 1);
        return at;
    }

    /** For everybody: the slot the owner came to last. */
    int position() {
        return (int) POSITION.getOpaque(this);
    }

    @Nullable
    Batch batch() {
        return batch;
    }

    /** For everybody: how many slots the owner has not started. */
    int unstarted() {
        Batch from = batch;
        int count = 0;
        if (from != null) {
            int to = (int) END.getOpaque(this);
            for (int i = position(); i < to; i++) {
                count += from.isClaimedButUnstarted(i) ? 1 : 0;
            }
        }
        return count;
    }

    /** For the watch: whether the owner is at the slot where it was at the last call. */
    boolean hasStoodStill() {
        int now = batch == null ? -1 : position();
        boolean still = now >= 0 && now == positionAtLastTick;
        positionAtLastTick = now;
        return still;
    }

    /**
     * Opens this window over what another one has not started, if it has anything. Both lanes then go through the same slots;
     * each slot goes to one of them.
     */
    boolean share(Window other) {
        Batch from = other.batch;
        if (from == null || other.unstarted() == 0) {
            return false;
        }
        open(from, other.position(), (int) END.getOpaque(other));
        return true;
    }
}
