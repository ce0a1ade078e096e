package lox.sync.internal.hot;

import java.util.concurrent.Flow;

/**
 * A subscriber that also learns of discarded items and of what it has thrown itself.
 *
 * @param <T> the type of the items
 */
public interface ItemReceiver<T> extends Flow.Subscriber<T> {
    /**
     * Receives an item that will not be delivered, because the buffer was full. Called by the thread that put too
     * much, at any time, also during other signals.
     *
     * @param item the item
     */
    void discarded(T item);

    /**
     * Receives what one of the subscriber's methods has thrown. There are no more signals.
     *
     * @param thrown must not be lost
     */
    void faulted(Throwable thrown);
}
