package lox.sync;

import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.funnel.Delivery;
import lox.sync.funnel.JobFunnel;
import lox.sync.funnel.Joined;
import org.jspecify.annotations.Nullable;

/** One {@link Flow.Subscriber} of a Funnel. */
final class FlowDelivery<K> extends Delivery<Joined<K>> {
    private final Flow.Subscriber<? super Joined<K>> subscriber;

    private FlowDelivery(JobFunnel<K> funnel, Flow.Subscriber<? super Joined<K>> subscriber) {
        super(funnel);
        this.subscriber = subscriber;
    }

    static <K> void subscribe(JobFunnel<K> funnel, Flow.Subscriber<? super Joined<K>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        FlowDelivery<K> delivery = new FlowDelivery<>(funnel, subscriber);
        try {
            subscriber.onSubscribe(delivery);
        } catch (Throwable thrown) { // rule 2.13: such a subscriber counts as cancelled
            delivery.cancel();
            delivery.dropped(thrown);
        }
        delivery.start();
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
