package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.exceptions.ProtocolViolationException;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.map.Mapping;
import lox.sync.spi.PropagatedContext;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The engine's {@link Mapping} as an operator: a fresh one for each subscription. */
final class FlowableMap<T, R, V> extends Flowable<V> {
    private final Publisher<? extends T> source;
    private final Dispatcher<T, R> dispatcher;
    private final MapOptions<T, R, V> options;

    private FlowableMap(Publisher<? extends T> source, Dispatcher<T, R> dispatcher, MapOptions<T, R, V> options) {
        this.source = source;
        this.dispatcher = dispatcher;
        this.options = options;
    }

    static <T, R, V> Flowable<V> of(
            Publisher<? extends T> source, Dispatcher<T, R> dispatcher, MapOptions<T, R, V> options) {
        Objects.requireNonNull(source, "source");
        return RxJavaPlugins.onAssembly(new FlowableMap<>(source, dispatcher, options));
    }

    @Override
    protected void subscribeActual(Subscriber<? super V> actual) {
        source.subscribe(new MapSubscriber<>(actual, dispatcher, options));
    }

    /** One subscription: the source's subscriber, and the subscription that the actual subscriber sees. */
    private static final class MapSubscriber<T, V> implements FlowableSubscriber<T>, Subscription {
        private final Subscriber<? super V> actual;
        private final Mapping<T, V> mapping;
        private @Nullable Subscription source;

        <R> MapSubscriber(Subscriber<? super V> actual, Dispatcher<T, R> dispatcher, MapOptions<T, R, V> options) {
            this.actual = actual;
            this.mapping = Mapping.of(dispatcher, new Results(), options, PropagatedContext.capture());
        }

        // ---- from the source ----

        @Override
        public void onSubscribe(Subscription subscription) {
            if (isFirst(subscription)) {
                source = subscription;
                mapping.onSubscribe(new Source(subscription));
            }
        }

        /** As RxJava's own operators are: a second subscription is cancelled, and told to the hook. */
        private boolean isFirst(Subscription subscription) {
            Objects.requireNonNull(subscription, "subscription");
            if (source == null) {
                return true;
            }
            subscription.cancel();
            RxJavaPlugins.onError(new ProtocolViolationException("Subscription already set!"));
            return false;
        }

        @Override
        public void onNext(T element) {
            mapping.onNext(element);
        }

        @Override
        public void onError(Throwable failure) {
            mapping.onError(failure);
        }

        @Override
        public void onComplete() {
            mapping.onComplete();
        }

        // ---- from the subscriber ----

        @Override
        public void request(long n) {
            mapping.request(n);
        }

        @Override
        public void cancel() {
            mapping.cancel();
        }

        /** What the engine tells the subscriber. */
        private final class Results implements Mapping.Downstream<V> {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                actual.onSubscribe(MapSubscriber.this);
            }

            @Override
            public void onNext(V result) {
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
            public void discarded(Object value) {} // RxJava has no hook for it

            @Override
            public void dropped(Throwable failure) {
                RxJavaPlugins.onError(failure);
            }
        }
    }

    /** The source's subscription, as the engine sees it. */
    private record Source(Subscription subscription) implements Flow.Subscription {
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
