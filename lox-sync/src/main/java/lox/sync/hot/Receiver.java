package lox.sync.hot;

import java.util.concurrent.Flow;

/**
 * A subscriber that also learns what has no signal of its own.
 *
 * @param <T> the type of the items
 */
public interface Receiver<T> extends Flow.Subscriber<T> {
    /**
     * An item will not be delivered, since the buffer was full. Called by the thread that put too much, at any time, also
     * beside other signals.
     *
     * @param item the item
     */
    void discarded(T item);

    /**
     * One of the subscriber's methods has thrown, which it must not. It gets nothing more.
     *
     * @param thrown never to be lost silently
     */
    void faulted(Throwable thrown);
}
