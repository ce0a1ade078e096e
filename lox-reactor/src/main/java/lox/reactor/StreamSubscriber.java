package lox.reactor;

import java.util.concurrent.Flow;
import java.util.function.Consumer;
import lox.sync.internal.stream.ResultStream;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Reactor's subscriber of an engine's {@link ResultStream}, which takes what nobody will receive to its discard hook.
 */
final class StreamSubscriber<R> implements ResultStream.Receiver<R> {
    private final CoreSubscriber<? super R> actual;

    private StreamSubscriber(CoreSubscriber<? super R> actual) {
        this.actual = actual;
    }

    static <R> Publisher<R> publisher(ResultStream<R> stream) {
        return actual -> stream.subscribe(new StreamSubscriber<>(Operators.toCoreSubscriber(actual)));
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        actual.onSubscribe(new Upstream(subscription));
    }

    @Override
    public void onNext(R result) {
        actual.onNext(result);
    }

    @Override
    public void onError(Throwable failure) {
        actual.onError(failure);
    }

    @Override
    public void onComplete() {
        actual.onComplete();
    }

    @Override
    public Consumer<Object> discarding() {
        return ReactorDialect.discardingTo(actual.currentContext());
    }

    private record Upstream(Flow.Subscription subscription) implements Subscription {
        @Override
        public void request(long n) {
            subscription.request(n);
        }

        @Override
        public void cancel() {
            subscription.cancel();
        }
    }
}
