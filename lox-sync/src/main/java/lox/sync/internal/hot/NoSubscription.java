package lox.sync.internal.hot;

import java.util.concurrent.Flow;

/** The subscription of a subscriber that was refused. */
enum NoSubscription implements Flow.Subscription {
    INSTANCE;

    @Override
    public void request(long n) {
        // Its onError is on its way.
    }

    @Override
    public void cancel() {
        // There is nothing to cancel.
    }
}
