package lox.sync.internal.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of all items: a linked list that only grows, with an empty node at its end (after Michael and Scott, 1996).
 *
 * <pre>
 *      first                     tail
 *        |                         |
 *   a -&gt; b -&gt; c -&gt; d -&gt; e -&gt; (empty)
 *             |              |
 *        a subscriber    a subscriber that has seen all
 * </pre>
 *
 * <p>The thread that changes the value of the last node from null has put its item; that is the order. A thread that
 * finds the last node filled helps to append the next one, so no thread waits for another. The tail is an empty node,
 * so neither it nor a subscriber that has seen all keeps an item alive.
 *
 * <p>A node that nothing points to is garbage. The log holds {@code first}, as many nodes before the tail as the
 * backlog has, and each subscriber holds its position. A new subscriber starts at one of these nodes and reads on, so
 * nothing is lost or doubled between the backlog and what comes later.
 *
 * <p>The end is a value, too. Nothing is appended behind it. Where the backlog has a time limit, each item is a
 * {@link Signal} with its time; what has expired is released by the next append, or by the {@link BacklogExpiry}.
 */
final class ItemLog implements BacklogExpiry.Backlog {
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final LogNode SEALED = new LogNode(0);
    private static final VarHandle TAIL;
    private static final VarHandle FIRST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(ItemLog.class, "tail", LogNode.class);
            FIRST = lookup.findVarHandle(ItemLog.class, "first", LogNode.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int backlog;
    /** The time limit of the backlog; null if there is none. */
    private final @Nullable BacklogExpiry expiry;

    private volatile LogNode tail;
    /** The first node of the backlog; null without a backlog. */
    private volatile @Nullable LogNode first;

    ItemLog(int backlog, @Nullable BacklogExpiry expiry) {
        this.backlog = backlog;
        this.expiry = expiry;
        tail = new LogNode(0);
        first = backlog == 0 ? null : tail;
    }

    /**
     * Appends an item.
     *
     * @param member the member that puts it; or null
     * @return false after the end
     */
    boolean append(Object item, @Nullable Object member) {
        if (expiry != null) {
            return appendStamped(expiry, item, member);
        }
        LogNode filled = fillLast(member == null ? item : Signal.by(member, item));
        if (filled == null) {
            return false;
        }
        trim(moveTail(filled));
        return true;
    }

    /**
     * Reads the time after it has found the last node, and anew for each attempt: the items before that node were
     * stamped earlier. So the times in the log are in order, and what has expired is always its first part.
     */
    private boolean appendStamped(BacklogExpiry limit, Object item, @Nullable Object member) {
        while (true) {
            LogNode last = last();
            if (last.fill(limit.stamp(member, item))) {
                trim(moveTail(last));
                releaseExpired();
                limit.appended(this);
                return true;
            }
            if (Signal.isEnd(last.value())) {
                return false;
            }
        }
    }

    /** Appends the end. Returns false if the log has ended before. */
    boolean end(Signal end) {
        return fillLast(end) != null;
    }

    private @Nullable LogNode fillLast(Object value) {
        while (true) {
            LogNode last = tail;
            Object there = last.value();
            if (there == null) {
                if (last.fill(value)) {
                    return last;
                }
            } else if (Signal.isEnd(there)) {
                return null;
            } else {
                moveTail(last);
            }
        }
    }

    private LogNode moveTail(LogNode filled) {
        LogNode next = filled.successor();
        TAIL.compareAndSet(this, filled, next); // or another thread has
        return next;
    }

    /** Drops what exceeds the backlog. Other threads may have moved {@code first} behind this node already. */
    private void trim(LogNode empty) {
        LogNode kept = first;
        while (kept != null && kept != SEALED && empty.distanceFrom(kept) > backlog) {
            FIRST.compareAndSet(this, kept, kept.successor());
            kept = first;
        }
    }

    /** Tells whether the end has been appended. */
    boolean isEnded() {
        return Signal.isEnd(last().value());
    }

    /** The node behind all items: empty at this moment, or with the end in it. */
    LogNode last() {
        while (true) {
            LogNode last = tail;
            Object there = last.value();
            if (there == null || Signal.isEnd(there)) {
                return last;
            }
            moveTail(last);
        }
    }

    @Override
    public void releaseExpired() {
        if (expiry == null) {
            return;
        }
        long now = expiry.now();
        LogNode kept = first;
        while (kept != null && expiry.isExpired(kept.value(), now)) {
            FIRST.compareAndSet(this, kept, kept.successor());
            kept = first;
        }
    }

    @Override
    public @Nullable Signal oldest() {
        LogNode kept = first;
        return kept != null && kept.value() instanceof Signal item && !Signal.isEnd(item) ? item : null;
    }

    /**
     * The node at which a new subscriber starts, exactly a backlog before the tail and behind what has expired; null if
     * sealed.
     */
    @Nullable
    LogNode start() {
        LogNode kept = first;
        if (kept == SEALED) {
            return null;
        }
        LogNode last = last();
        return kept == null ? last : startAt(kept, last);
    }

    private LogNode startAt(LogNode kept, LogNode last) {
        LogNode start = kept;
        while (last.distanceFrom(start) > backlog) {
            start = start.successor();
        }
        if (expiry != null) {
            long now = expiry.now();
            while (start != last && expiry.isExpired(start.value(), now)) {
                start = start.successor();
            }
        }
        return start;
    }

    /** The items between {@link #start} and the tail, as they were at one moment of the call. */
    List<Object> backlog() {
        LogNode kept = first;
        LogNode last = last(); // the moment
        if (kept == null || first == SEALED) {
            return List.of();
        }
        List<Object> items = new ArrayList<>();
        for (LogNode here = startAt(kept, last); here != last; here = here.successor()) {
            Object value = here.value();
            items.add(value instanceof Signal signal ? signal.item() : value);
        }
        return Collections.unmodifiableList(items);
    }

    /** Drops the backlog and refuses later subscribers. */
    void seal() {
        first = SEALED;
    }

    boolean isSealed() {
        return first == SEALED;
    }
}
