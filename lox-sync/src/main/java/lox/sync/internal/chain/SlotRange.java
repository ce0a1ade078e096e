package lox.sync.internal.chain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ClaimedRange;
import org.jspecify.annotations.Nullable;

/**
 * A range of a batch's slots whose items wait for the next function of a chain. Ranges are the elements of the queue
 * between two functions, so adjacent items cost one place there.
 *
 * <p>A range is only a hint, as a {@link ClaimedRange} is: the item's own slot decides which thread runs or drops the
 * item. Ranges may overlap, and some of their items may be gone already. But every waiting item must lie in some range.
 *
 * <p>Only the lane that created a range grows it, at its end; any thread may read it.
 */
public final class SlotRange {
    private static final VarHandle TO;

    static {
        try {
            TO = MethodHandles.lookup().findVarHandle(SlotRange.class, "to", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Batch home;
    private final int from;
    private int to;
    private int shown; // used only by the watch

    /** Creates an empty range. */
    SlotRange(Batch home, int from) {
        this(home, from, from);
    }

    SlotRange(Batch home, int from, int to) {
        this.home = home;
        this.from = from;
        this.to = to;
        this.shown = from;
    }

    /** Takes the rest of a claimed range, for its owner; null if nothing is left. */
    static @Nullable SlotRange takeRest(ClaimedRange claimed) {
        Batch batch = claimed.batch();
        int left = claimed.left();
        int end = claimed.takeRest();
        return batch == null || left <= 0 ? null : new SlotRange(batch, end - left, end);
    }

    /** The batch that the items belong to; null once the batch has ended and the range has been cleared. */
    @Nullable
    public Batch home() {
        return home;
    }

    public int from() {
        return from;
    }

    /** The end, exclusive. */
    int to() {
        return (int) TO.getAcquire(this);
    }

    boolean isEmpty() {
        return to == from;
    }

    /**
     * Opens a lane's claimed range over this range. Returns the batch that the items belong to; null if nothing is
     * left.
     */
    @Nullable
    Batch openIn(ClaimedRange claimed) {
        Batch batch = home;
        if (batch != null) {
            claimed.open(batch, from, to());
        }
        return batch;
    }

    // ---- the lane that makes it ------------------------------------------------------------------------------------

    /** Whether an item directly follows the last one. */
    boolean isFollowedBy(Batch batch, int index) {
        return index == to && batch == home;
    }

    /** Adds the next item, which waits in its slot by now. Returns the new length. */
    int grow() {
        int grown = to + 1;
        TO.setRelease(this, grown);
        return grown - from;
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /** Whether the range has grown since it was last shown. */
    boolean hasUnshown() {
        return to() > shown;
    }

    /**
     * The part added since the range was last shown, for other lanes to run while the owning lane is stalled; null if
     * there is none.
     */
    @Nullable
    SlotRange unshown() {
        int now = to();
        Batch batch = home;
        return batch == null || now == shown ? null : new SlotRange(batch, shown, now);
    }

    void shown(SlotRange copy) {
        shown = copy.to;
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Clears the reference to a batch that has ended and whose items have been dropped. */
    void release(Batch ended) {
        if (home == ended) {
            home = null;
        }
    }
}
