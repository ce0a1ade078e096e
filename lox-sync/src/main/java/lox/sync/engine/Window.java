package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The run of slots that a lane works through: what it has claimed at once, or the {@link Span} it has come to. Others may look at it
 * and take slots out of it.
 *
 * <p>A window is no more than a hint where unstarted slots may be found: who runs a slot is settled by the slot's own state, so
 * a reader that sees half of an old window and half of a new one can do no harm. The owner opens the window <em>before</em> it
 * moves the batch's head over it; whoever looks after the head has moved sees it.
 */
final class Window {
    private static final VarHandle POSITION;
    private static final VarHandle END;
    private static final VarHandle OPENED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            POSITION = lookup.findVarHandle(Window.class, "position", int.class);
            END = lookup.findVarHandle(Window.class, "end", int.class);
            OPENED = lookup.findVarHandle(Window.class, "opened", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final byte state;
    private volatile @Nullable Batch batch;
    private int position;
    private int end;
    private int opened; // how often: positions begin anew
    private int openedAtLastTick; // both the watch's own
    private int positionAtLastTick = -1;

    /** Makes one for slots in a state in which they can be taken. */
    Window(byte state) {
        this.state = state;
    }

    void open(Batch batch, int from, int to) {
        if (this.batch != batch) {
            this.batch = batch;
        }
        POSITION.setOpaque(this, from);
        END.setOpaque(this, to);
        OPENED.setOpaque(this, opened + 1);
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

    /** For the owner: how many slots it has before it. */
    int left() {
        return end - position;
    }

    /** For the owner: what is left of it, as a span, or null; it keeps nothing. */
    @Nullable
    Span takeRest() {
        Batch from = batch;
        int first = position;
        int last = end;
        POSITION.setOpaque(this, last);
        return from == null || first >= last ? null : new Span(from, first, last);
    }

    /** For the owner: the batch it is open over. */
    @Nullable
    Batch batch() {
        return batch;
    }

    /** For the owner: takes a slot for good. It runs it or drops it. */
    boolean take(Slots.Chunk chunk, int index) {
        return chunk.move(index, state, Slots.CLAIMED);
    }

    /** For the owner: a slot it had gone past is to be full again. Before it is. */
    void reopen(int index) {
        if (index < position) {
            POSITION.setOpaque(this, index);
        }
    }

    /** For everybody: whether there is something the owner has not started. */
    boolean hasUnstarted() {
        Batch from = batch;
        if (from != null) {
            int to = from.claimedUpTo((int) END.getOpaque(this));
            for (int i = (int) POSITION.getOpaque(this); i < to; i++) {
                if (from.slots().state(i) == state) {
                    return true;
                }
            }
        }
        return false;
    }

    /** For everybody: where the owner is in a batch, or {@code otherwise}. */
    int positionIn(Batch wanted, int otherwise) {
        return batch == wanted ? (int) POSITION.getOpaque(this) : otherwise;
    }

    /** For the watch: whether the owner is at the slot where it was at the last call. */
    boolean hasStoodStill() {
        int now = batch == null ? -1 : (int) POSITION.getOpaque(this);
        int times = (int) OPENED.getOpaque(this);
        boolean still = now >= 0 && now == positionAtLastTick && times == openedAtLastTick;
        openedAtLastTick = times;
        positionAtLastTick = now;
        return still;
    }

    /**
     * Opens this window over what another one has not started, if it has anything. Both lanes then go through the same slots;
     * each slot goes to one of them. Slots beyond the batch's head are left out: the other owner may be about to claim them, and
     * may fail.
     */
    boolean share(Window other, @Nullable Batch only) {
        Batch from = other.batch;
        if (from == null || (only != null && from != only) || !other.hasUnstarted()) {
            return false;
        }
        open(from, (int) POSITION.getOpaque(other), from.claimedUpTo((int) END.getOpaque(other)));
        return true;
    }
}
