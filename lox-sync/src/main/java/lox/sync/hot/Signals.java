package lox.sync.hot;

import java.util.concurrent.Flow;

/** What a subscriber is told beside items, and what becomes of what it throws. Throws nothing. */
final class Signals<T> {
    private final Flow.Subscriber<? super T> subscriber;
    private final Broadcast<T> broadcast;

    Signals(Flow.Subscriber<? super T> subscriber, Broadcast<T> broadcast) {
        this.subscriber = subscriber;
        this.broadcast = broadcast;
    }

    void end(Mark mark) {
        try {
            Throwable failure = mark.failure();
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        } catch (Throwable thrown) {
            faulted(thrown);
        }
    }

    /** One of its methods has thrown. */
    void faulted(Throwable thrown) {
        if (subscriber instanceof Receiver<?> receiver) {
            try {
                receiver.faulted(thrown);
            } catch (Throwable ofTheHook) {
                if (ofTheHook != thrown) {
                    ofTheHook.addSuppressed(thrown);
                }
                broadcast.drop(ofTheHook);
            }
        } else {
            broadcast.drop(thrown);
        }
    }

    /** Its buffer has no room for this one. */
    @SuppressWarnings("unchecked") // a receiver of T takes what is put here
    void discarded(T item) {
        if (subscriber instanceof Receiver<?> receiver) {
            try {
                ((Receiver<? super T>) receiver).discarded(item);
            } catch (Throwable thrown) {
                broadcast.drop(thrown);
            }
        }
    }
}
