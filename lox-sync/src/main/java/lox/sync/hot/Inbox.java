package lox.sync.hot;

import org.jspecify.annotations.Nullable;

/**
 * What one receiver has yet to get. {@link #intake} and {@link #clear} may be called from any thread; of the other methods
 * one call at a time, which the {@link Outlet} sees to.
 */
abstract sealed class Inbox permits Cursor, BoundedInbox {
    /**
     * Something has been appended to the timeline.
     *
     * @param outlet is told what is discarded
     */
    abstract void intake(Outlet<?> outlet);

    /** The next item; the {@link Mark} of the end, again and again; null if there is nothing at the moment. */
    abstract @Nullable Object poll();

    /** The mark of the end, if all items before it have been polled. */
    abstract @Nullable Mark end();

    /** How many items can be polled. */
    abstract int size();

    /** Lets everything go; beside a {@link #poll} perhaps not, so that who polls has to clear afterwards. */
    abstract void clear();
}
