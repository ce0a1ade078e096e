package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a batch in which items of a chain lie that wait for the next function. This is what goes through the queue between
 * the two, so that items which became ready one after the other cost one place there.
 *
 * <p>It is no more than a hint, as a {@link Window} is: who runs an item, or drops it, is settled by the item's own slot. So it does
 * no harm if two of them overlap, or if some of their items have gone already. What must not be is an item that lies in none.
 *
 * <p>It grows at its end, by the lane that makes it and no other; everybody may read it.
 */
final class Span {
    private static final VarHandle TO;

    static {
        try {
            TO = MethodHandles.lookup().findVarHandle(Span.class, "to", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Batch home;
    private final int from;
    private int to;
    private int shown; // the watch's own

    /** An empty one. */
    Span(Batch home, int from) {
        this(home, from, from);
    }

    Span(Batch home, int from, int to) {
        this.home = home;
        this.from = from;
        this.to = to;
        this.shown = from;
    }

    /** The batch its items belong to; null once that has ended and let go of it. */
    @Nullable
    Batch home() {
        return home;
    }

    int from() {
        return from;
    }

    /** Behind the last one. */
    int to() {
        return (int) TO.getAcquire(this);
    }

    boolean isEmpty() {
        return to == from;
    }

    /** Opens a lane's window over it. Returns the batch its items belong to; null if nothing is left of it. */
    @Nullable
    Batch openIn(Window window) {
        Batch batch = home;
        if (batch != null) {
            window.open(batch, from, to());
        }
        return batch;
    }

    // ---- the lane that makes it ------------------------------------------------------------------------------------

    /** Whether an item is the one behind the last. */
    boolean isFollowedBy(Batch batch, int index) {
        return index == to && batch == home;
    }

    /** The item behind the last waits in its slot now. Returns how many there are. */
    int grow() {
        int grown = to + 1;
        TO.setRelease(this, grown);
        return grown - from;
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /** Whether it has grown since it was shown. */
    boolean hasUnshown() {
        return to() > shown;
    }

    /** What it has grown by since it was shown, for others to work through while its own lane is stuck; null if there is nothing. */
    @Nullable
    Span unshown() {
        int now = to();
        Batch batch = home;
        return batch == null || now == shown ? null : new Span(batch, shown, now);
    }

    void shown(Span copy) {
        shown = copy.to;
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Lets go of a batch that has ended. Its items have been dropped. */
    void release(Batch ended) {
        if (home == ended) {
            home = null;
        }
    }
}
