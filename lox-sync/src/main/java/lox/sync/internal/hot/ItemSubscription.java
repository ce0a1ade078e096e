package lox.sync.internal.hot;

import java.util.concurrent.Flow;

/** The subscription that an {@link ItemReceiver} is given. */
public interface ItemSubscription extends Flow.Subscription {
    /**
     * The demand that has not been met.
     *
     * @return a snapshot; {@link Long#MAX_VALUE} for no limit
     */
    long requested();
}
