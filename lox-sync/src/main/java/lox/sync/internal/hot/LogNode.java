package lox.sync.internal.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node of the {@link ItemLog}. It is empty until an item or the end is put into it, which never changes again. */
final class LogNode {
    private static final int CHAIN = 4;

    private static final VarHandle VALUE;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            VALUE = lookup.findVarHandle(LogNode.class, "value", Object.class);
            NEXT = lookup.findVarHandle(LogNode.class, "next", LogNode.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Counts from 0 and wraps; only differences have a meaning. An int, so that a node takes 24 bytes. */
    private final int index;

    private volatile @Nullable Object value;
    private volatile @Nullable LogNode next;

    LogNode(int index) {
        this.index = index;
    }

    /** Puts a value in. Returns false if there is one already. */
    boolean fill(Object filling) {
        return VALUE.compareAndSet(this, null, filling);
    }

    /** An item, a {@link Signal}, or null if this node is empty. */
    @Nullable
    Object value() {
        return value;
    }

    /** The next node, made if there is none yet. May be called on filled nodes only. */
    LogNode successor() {
        LogNode known = next;
        if (known != null) {
            return known;
        }
        LogNode fresh = chain(index + 1);
        return NEXT.compareAndSet(this, null, fresh) ? fresh : Objects.requireNonNull(next, "next");
    }

    /** Makes some nodes at a time: nodes that are made together need no atomic operation to be linked. */
    private static LogNode chain(int firstIndex) {
        LogNode first = new LogNode(firstIndex);
        LogNode last = first;
        for (int i = 1; i < CHAIN; i++) {
            LogNode behind = new LogNode(firstIndex + i);
            NEXT.set(last, behind); // not published yet
            last = behind;
        }
        return first;
    }

    /** How many nodes this one is behind another; negative if it is before it. */
    int distanceFrom(LogNode other) {
        return index - other.index;
    }

    /** Whether the index of this node is a multiple of a power of two. */
    boolean isEvery(int distance) {
        return (index & (distance - 1)) == 0;
    }
}
