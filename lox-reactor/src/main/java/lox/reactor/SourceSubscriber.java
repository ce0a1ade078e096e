package lox.reactor;

import java.util.concurrent.Flow;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** The engine's subscriber, for a publisher of this library. */
final class SourceSubscriber<A> implements CoreSubscriber<A> {
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
    private final Context context;

    SourceSubscriber(Flow.Subscriber<A> source, Context context) {
        this.source = source;
        this.context = context;
    }

    @Override
    public Context currentContext() {
        return context;
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
