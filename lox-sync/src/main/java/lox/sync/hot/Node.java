package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A place in a {@link Timeline}: empty, until an item or the end is put into it, once and for all. */
final class Node {
    private static final int CHAIN = 4;

    private static final VarHandle VALUE;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            VALUE = lookup.findVarHandle(Node.class, "value", Object.class);
            NEXT = lookup.findVarHandle(Node.class, "next", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Counts from 0 and wraps; only differences mean something. An int, so that a node fits into 24 bytes. */
    private final int index;

    private volatile @Nullable Object value;
    private volatile @Nullable Node next;

    Node(int index) {
        this.index = index;
    }

    /** Puts a value here. Returns false if there is one already. */
    boolean fill(Object filling) {
        return VALUE.compareAndSet(this, null, filling);
    }

    /** An item, a {@link Mark}, or null while this is empty. */
    @Nullable
    Object value() {
        return value;
    }

    /** The place behind this one, which is made if need be. To be asked of a filled place only. */
    Node successor() {
        Node known = next;
        if (known != null) {
            return known;
        }
        Node fresh = chain(index + 1);
        return NEXT.compareAndSet(this, null, fresh) ? fresh : Objects.requireNonNull(next, "next");
    }

    /** Some places at a time, since those that are made together need no atomic operation to be linked. */
    private static Node chain(int firstIndex) {
        Node first = new Node(firstIndex);
        Node last = first;
        for (int i = 1; i < CHAIN; i++) {
            Node behind = new Node(firstIndex + i);
            NEXT.set(last, behind); // nobody else knows it yet
            last = behind;
        }
        return first;
    }

    /** How many places this one is behind another; negative if it is before it. */
    int distanceFrom(Node other) {
        return index - other.index;
    }

    /** Whether this is one of those that come at this distance from each other, a power of two. */
    boolean isEvery(int distance) {
        return (index & (distance - 1)) == 0;
    }
}
