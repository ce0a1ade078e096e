package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.internal.chain.SlotRange;
import lox.sync.internal.slot.Counters;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * The range of slots that a lane works through: the slots that it has claimed at once, or its current
 * {@link SlotRange}. Other threads may read the range and take slots from it.
 *
 * <p>A range is only a hint where unstarted slots may be found. The state of a slot decides which lane runs the slot,
 * so a thread that reads half of an old range and half of a new one does no harm. The owner opens the range
 * <em>before</em> it moves the batch's head past the range, so a thread that looks after the head has moved sees the
 * range.
 */
public final class ClaimedRange {
    private static final VarHandle POSITION;
    private static final VarHandle END;
    private static final VarHandle OPENED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            POSITION = lookup.findVarHandle(ClaimedRange.class, "position", int.class);
            END = lookup.findVarHandle(ClaimedRange.class, "end", int.class);
            OPENED = lookup.findVarHandle(ClaimedRange.class, "opened", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final byte state;
    private volatile @Nullable Batch batch;
    private int position;
    private int end;
    private int opened; // how often it was opened: positions start anew
    private int openedAtLastTick; // both owned by the stall watch
    private int positionAtLastTick = -1;

    /** Makes a range whose slots can be taken while they are in this state. */
    public ClaimedRange(byte state) {
        this.state = state;
    }

    public void open(Batch batch, int from, int to) {
        if (this.batch != batch) {
            this.batch = batch;
        }
        POSITION.setOpaque(this, from);
        END.setOpaque(this, to);
        OPENED.setOpaque(this, opened + 1);
    }

    /**
     * For the owner: claims up to {@code most} full slots at a batch's head, and returns how many. If work sources are
     * given, claims no slot that comes after a submission that is due first.
     */
    int claim(Batch from, int most, @Nullable WorkSources sources) {
        Counters counters = from.counters();
        long head = counters.head();
        for (; ; ) {
            int first = (int) head;
            int count = from.full(head, most);
            if (count > 0 && sources != null) {
                count = sources.upTo(from, first, count); // after they have been seen to be full
            }
            long now;
            if (count > 0) {
                open(from, first, first + count);
                now = counters.moveHead(head, head + count);
                if (now == head) {
                    return count;
                }
            } else {
                now = counters.head();
                if (now == head) {
                    return 0;
                }
            }
            head = now;
        }
    }

    /** Releases the batch, so that an idle lane keeps no results reachable. */
    public void close() {
        batch = null;
    }

    /** For the owner: the next slot, or -1 at the end. */
    public int next() {
        int at = position;
        if (at >= end) {
            return -1;
        }
        POSITION.setOpaque(this, at + 1);
        return at;
    }

    /** For the owner: how many slots are left. */
    public int left() {
        return end - position;
    }

    /**
     * For the owner: takes all slots that are left, and returns the index after the last one. The first one was at
     * {@code end - left()}.
     */
    public int takeRest() {
        int last = end;
        POSITION.setOpaque(this, last);
        return last;
    }

    /** For the owner: the batch that the range lies in. */
    @Nullable
    public Batch batch() {
        return batch;
    }

    /** For the owner: takes a slot, which the owner then runs or drops. Returns false if another lane was first. */
    public boolean take(Slots.Chunk chunk, int index) {
        return chunk.move(index, state, Slots.CLAIMED);
    }

    /** For the owner: moves back to a slot that is about to be full again. Call before it is. */
    public void reopen(int index) {
        if (index < position) {
            POSITION.setOpaque(this, index);
        }
    }

    /** For any thread: whether the range has slots that the owner has not started. */
    public boolean hasUnstarted() {
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

    /** For any thread: the owner's position in a batch, or {@code otherwise} if the range is not in that batch. */
    int positionIn(Batch wanted, int otherwise) {
        return batch == wanted ? (int) POSITION.getOpaque(this) : otherwise;
    }

    /** For the stall watch: whether the owner is still at the slot of the last call. */
    public boolean hasStoodStill() {
        int now = batch == null ? -1 : (int) POSITION.getOpaque(this);
        int times = (int) OPENED.getOpaque(this);
        boolean still = now >= 0 && now == positionAtLastTick && times == openedAtLastTick;
        openedAtLastTick = times;
        positionAtLastTick = now;
        return still;
    }

    /**
     * Opens this range over the slots that another range has not started, if there are any. Both lanes then go through
     * the same slots, and each slot goes to one of them. Slots beyond the batch's head are left out: the other owner
     * may be about to claim them, and may fail.
     */
    public boolean share(ClaimedRange other, @Nullable Batch only) {
        Batch from = other.batch;
        if (from == null || (only != null && from != only) || !other.hasUnstarted()) {
            return false;
        }
        open(from, (int) POSITION.getOpaque(other), from.claimedUpTo((int) END.getOpaque(other)));
        return true;
    }
}
