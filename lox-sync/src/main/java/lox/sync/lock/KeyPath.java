package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.internal.stack.StackReach;
import org.jspecify.annotations.Nullable;

/**
 * The way of one operation to the lock of one key, whose entry it has pinned. It takes its pin away once: when the
 * permit is closed, when the request ends without one, or when the operation fails.
 */
final class KeyPath extends AcquirePath<Permit> {
    private static final VarHandle UNPINNED;

    static {
        try {
            UNPINNED = MethodHandles.lookup().findVarHandle(KeyPath.class, "unpinned", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final KeyTable.Entry entry;

    @SuppressWarnings("UnusedVariable") // through UNPINNED
    private volatile boolean unpinned;

    private KeyPath(KeyTable.Entry entry) {
        super(entry.sync, 1);
        this.entry = entry;
    }

    /** Pins the entry of a key. Does so, or throws and has changed nothing. */
    static KeyPath to(Object key, KeyTable table) {
        StackReach.check();
        KeyTable.Entry entry = table.pin(key);
        try {
            return new KeyPath(entry);
        } catch (OutOfMemoryError noMemory) {
            entry.unpin();
            throw noMemory;
        }
    }

    /** Takes the pin away, unless that has been done. */
    void unpin() {
        if (UNPINNED.compareAndSet(this, false, true)) {
            entry.unpin();
        }
    }

    @Override
    int withOneMore(int inside, Permit permit) {
        return inside == 0 ? 1 : FairSync.CLOSED;
    }

    @Override
    Permit newPermit(@Nullable Throwable acquiredHere) {
        return new PlainPermit(this, acquiredHere == null ? "" : name(), acquiredHere);
    }

    @Override
    void leave() {
        StackReach.check(); // for the table, after the permit has been returned
        sync.leave(1);
        unpin();
    }

    @Override
    void notGranted(Permit permit) {
        unused(permit);
        unpin();
    }

    @Override
    String name() {
        return "KeyedLock.forKey(" + entry.key + ")";
    }

    @Override
    public String toString() {
        return "the lock of key " + entry.key;
    }
}
