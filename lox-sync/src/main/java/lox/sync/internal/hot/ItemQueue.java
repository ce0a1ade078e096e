package lox.sync.internal.hot;

import org.jspecify.annotations.Nullable;

/**
 * What one subscriber has yet to receive. {@link #readLog} and {@link #clear} may be called from any thread; of the
 * other methods, the owner admits one call at a time.
 */
abstract class ItemQueue {
    /** The subscription that a queue belongs to. */
    interface Owner {
        /** Receives an item that the policy discards. */
        void discard(Object item);

        /** Unsubscribes because the buffer has failed. Returns the failure to end with. */
        Throwable overflow(int capacity);
    }

    /**
     * Learns that something has been appended to the log.
     *
     * @param owner receives what is discarded
     */
    abstract void readLog(Owner owner);

    /**
     * Takes the next item, or the {@link Signal} of the end, which is returned again and again. Null if there is
     * neither.
     */
    abstract @Nullable Object poll();

    /** The signal of the end, if all items before it have been polled; otherwise null. */
    abstract @Nullable Signal end();

    /** Counts the items that can be polled. */
    abstract int size();

    /** Drops everything. During a {@link #poll} it may miss something, so the polling thread clears again. */
    abstract void clear();
}
