package lox.sync.internal.hot;

import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Calls a subscriber's methods other than {@code onNext}, and handles what the subscriber throws. Throws nothing
 * itself.
 */
final class SubscriberCallbacks<T> {
    private final Flow.Subscriber<? super T> subscriber;
    private final Consumer<Throwable> dropped;

    /**
     * Makes one for a subscriber.
     *
     * @param dropped receives failures that the subscriber cannot
     */
    SubscriberCallbacks(Flow.Subscriber<? super T> subscriber, Consumer<Throwable> dropped) {
        this.subscriber = subscriber;
        this.dropped = dropped;
    }

    void end(Signal signal) {
        try {
            Throwable failure = signal.failure();
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        } catch (Throwable thrown) {
            faulted(thrown);
        }
    }

    /** Handles what one of the subscriber's methods has thrown. */
    void faulted(Throwable thrown) {
        if (subscriber instanceof ItemReceiver<?> receiver) {
            try {
                receiver.faulted(thrown);
            } catch (Throwable ofTheHook) {
                if (ofTheHook != thrown) {
                    ofTheHook.addSuppressed(thrown);
                }
                dropped.accept(ofTheHook);
            }
        } else {
            dropped.accept(thrown);
        }
    }

    /** Reports an item for which the buffer had no room. */
    @SuppressWarnings("unchecked") // a subscriber of T takes what is put here
    void discarded(T item) {
        if (subscriber instanceof ItemReceiver<?> receiver) {
            try {
                ((ItemReceiver<? super T>) receiver).discarded(item);
            } catch (Throwable thrown) {
                dropped.accept(thrown);
            }
        }
    }
}
