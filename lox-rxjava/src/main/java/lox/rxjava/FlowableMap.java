package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.exceptions.ProtocolViolationException;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.map.Mapping;
import lox.sync.spi.PropagatedContext;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The engine's {@link Mapping} as an operator: a fresh one for each subscription. */
final class FlowableMap<T, R> extends Flowable<R> {
    private final Publisher<? extends T> source;
    private final Dispatcher<T, R> dispatcher;
    private final int ahead;
    private final boolean delayError;

    private FlowableMap(Publisher<? extends T> source, Dispatcher<T, R> dispatcher, int ahead, boolean delayError) {
        this.source = source;
        this.dispatcher = dispatcher;
        this.ahead = ahead;
        this.delayError = delayError;
    }

    static <T, R> Flowable<R> of(
            Publisher<? extends T> source, Dispatcher<T, R> dispatcher, int ahead, boolean delayError) {
        Objects.requireNonNull(source, "source");
        int checked = Dispatcher.checkAhead(ahead);
        return RxJavaPlugins.onAssembly(new FlowableMap<>(source, dispatcher, checked, delayError));
    }

    @Override
    protected void subscribeActual(Subscriber<? super R> actual) {
        source.subscribe(new MapSubscriber<>(actual, dispatcher, ahead, delayError));
    }

    /** One subscription: the source's subscriber, and the subscription that the actual subscriber sees. */
    private static final class MapSubscriber<T, R> implements FlowableSubscriber<T>, Subscription {
        private final Subscriber<? super R> actual;
        private final Mapping<T, R> mapping;
        private @Nullable Subscription source;

        MapSubscriber(Subscriber<? super R> actual, Dispatcher<T, R> dispatcher, int ahead, boolean delayError) {
            this.actual = actual;
            this.mapping = Mapping.of(dispatcher, new Results(), ahead, delayError, PropagatedContext.capture());
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
        private final class Results implements Mapping.Downstream<R> {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                actual.onSubscribe(MapSubscriber.this);
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
