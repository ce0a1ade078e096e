package lox.sync;

import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.internal.funnel.JoinEngine;
import lox.sync.internal.funnel.ReadySubscription;
import org.jspecify.annotations.Nullable;

/** The subscription of one {@link Flow.Subscriber} to a Funnel. */
final class FunnelSubscription<K> extends ReadySubscription<Joined<K>> {
    private final Flow.Subscriber<? super Joined<K>> subscriber;

    private FunnelSubscription(JoinEngine<K, Joined<K>> engine, Flow.Subscriber<? super Joined<K>> subscriber) {
        super(engine);
        this.subscriber = subscriber;
    }

    static <K> void subscribe(JoinEngine<K, Joined<K>> engine, Flow.Subscriber<? super Joined<K>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        FunnelSubscription<K> subscription = new FunnelSubscription<>(engine, subscriber);
        try {
            subscriber.onSubscribe(subscription);
        } catch (Throwable thrown) { // rule 2.13: such a subscriber counts as cancelled
            subscription.cancel();
            subscription.dropped(thrown);
        }
        subscription.start();
    }

    @Override
    protected void next(Joined<K> item) {
        subscriber.onNext(item);
    }

    @Override
    protected void end(@Nullable Throwable failure) {
        if (failure == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failure);
        }
    }

    @Override
    protected void dropped(Throwable failure) {
        SyncDialect.INSTANCE.dropped(failure);
    }
}
