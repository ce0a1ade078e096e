package lox.cluster.internal;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/**
 * A hot publisher of a state that changes: each subscriber gets the state as it is, then the newest one whenever it has
 * changed and the subscriber has requested more. What has come and gone in between is left out, so nothing is kept for
 * a slow subscriber.
 *
 * <p>Subscribers are called on shared threads, each by one at a time. So whoever says that the state has changed waits
 * for nobody. Safe for use from many threads.
 *
 * @param <T> the type of the state, which is compared by {@code equals}
 */
public final class StatePublisher<T> implements Flow.Publisher<T> {
    private final Supplier<T> state;
    private final Set<StateSubscription<T>> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean isOver;

    /**
     * Creates one without subscribers.
     *
     * @param state gives the state of the moment; neither null nor an exception. Called by many threads
     */
    public StatePublisher(Supplier<T> state) {
        this.state = state;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        StateSubscription<T> subscription =
                new StateSubscription<>(Objects.requireNonNull(subscriber, "subscriber"), this);
        subscriptions.add(subscription);
        subscription.begin();
    }

    /** Says that the state may have changed. Waits for nobody. */
    public void changed() {
        subscriptions.forEach(StateSubscription::look);
    }

    /** Ends all subscriptions, and later ones at once. Later calls have no effect. */
    public void complete() {
        isOver = true;
        changed();
    }

    T state() {
        return state.get();
    }

    boolean isOver() {
        return isOver;
    }

    void remove(StateSubscription<T> subscription) {
        subscriptions.remove(subscription);
    }
}
