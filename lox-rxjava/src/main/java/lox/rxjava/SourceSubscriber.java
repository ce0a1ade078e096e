package lox.rxjava;

import io.reactivex.rxjava3.core.FlowableSubscriber;
import java.util.concurrent.Flow;
import org.reactivestreams.Subscription;

/** The engine's subscriber, for a publisher of this library. */
final class SourceSubscriber<A> implements FlowableSubscriber<A> {
    private record Upstream(Subscription subscription) implements Flow.Subscription {
        @Override
        public void request(long n) {
            subscription.request(n);
        }

        @Override
        public void cancel() {
            subscription.cancel();
        }
    }

    private final Flow.Subscriber<A> source;

    SourceSubscriber(Flow.Subscriber<A> source) {
        this.source = source;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source.onSubscribe(new Upstream(subscription));
    }

    @Override
    public void onNext(A value) {
        source.onNext(value);
    }

    @Override
    public void onError(Throwable failure) {
        source.onError(failure);
    }

    @Override
    public void onComplete() {
        source.onComplete();
    }
}
