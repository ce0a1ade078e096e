package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The one order of all items: a linked list that only grows, with an empty place at its end.
 *
 * <pre>
 *      first                     tail
 *        |                         |
 *   a -&gt; b -&gt; c -&gt; d -&gt; e -&gt; (empty)
 *             |              |
 *        a receiver     a receiver that has seen all
 * </pre>
 *
 * <p>The thread that changes the value of the last place from null has put its item; that is the order. Whoever finds the last
 * place filled helps to append the next one: no thread waits for another. Since the tail is an empty place, neither it nor a
 * receiver that has seen all keeps an item alive.
 *
 * <p>What nobody points to is garbage: the list itself holds {@code first}, so many places before the tail as there is backlog,
 * and every receiver holds the place it has come to. A receiver that starts takes one of these places and goes on from there,
 * so that nothing can be lost or doubled between the backlog and what comes later.
 *
 * <p>The end is a value too, behind which nothing is appended.
 */
final class Timeline {
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final Node SEALED = new Node(0);
    private static final VarHandle TAIL;
    private static final VarHandle FIRST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(Timeline.class, "tail", Node.class);
            FIRST = lookup.findVarHandle(Timeline.class, "first", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int backlog;
    private volatile Node tail;
    /** Where the backlog starts; null if there is to be none. */
    private volatile @Nullable Node first;

    Timeline(int backlog) {
        this.backlog = backlog;
        tail = new Node(0);
        first = backlog == 0 ? null : tail;
    }

    /** Puts an item or the end behind all others. Returns false if the end has been put. */
    boolean append(Object value) {
        while (true) {
            Node last = tail;
            Object there = last.value();
            if (there == null) {
                if (last.fill(value)) {
                    if (!Mark.isEnd(value)) {
                        trim(moveTail(last));
                    }
                    return true;
                }
            } else if (Mark.isEnd(there)) {
                return false;
            } else {
                moveTail(last);
            }
        }
    }

    private Node moveTail(Node filled) {
        Node next = filled.successor();
        TAIL.compareAndSet(this, filled, next); // or somebody else has
        return next;
    }

    /** Others may have gone further meanwhile: then {@code first} is even behind this {@code empty}. */
    private void trim(Node empty) {
        Node kept = first;
        while (kept != null && kept != SEALED && empty.distanceFrom(kept) > backlog) {
            FIRST.compareAndSet(this, kept, kept.successor());
            kept = first;
        }
    }

    /** Whether the end has been put. */
    boolean isEnded() {
        return Mark.isEnd(last().value());
    }

    /** The place behind all items: empty at this moment, or with the end in it. */
    Node last() {
        while (true) {
            Node last = tail;
            Object there = last.value();
            if (there == null || Mark.isEnd(there)) {
                return last;
            }
            moveTail(last);
        }
    }

    /** Where a new receiver starts: at the backlog, exactly as long as it is to be; null if sealed. */
    @Nullable
    Node start() {
        Node kept = first;
        if (kept == SEALED) {
            return null;
        }
        Node last = last();
        if (kept == null) {
            return last;
        }
        while (last.distanceFrom(kept) > backlog) {
            kept = kept.successor();
        }
        return kept;
    }

    /** Lets the backlog go, and nobody start any more. */
    void seal() {
        first = SEALED;
    }

    boolean isSealed() {
        return first == SEALED;
    }
}
