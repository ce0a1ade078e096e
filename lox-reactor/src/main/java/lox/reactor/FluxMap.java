package lox.reactor;

import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.map.Mapping;
import lox.sync.spi.PropagatedContext;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** The engine's {@link Mapping} as an operator: a fresh one for each subscription. */
final class FluxMap<T, R, V> extends FluxOperator<T, V> {
    private final Dispatcher<T, R> dispatcher;
    private final String name;
    private final MapOptions<T, R, V> options;

    private FluxMap(Flux<? extends T> source, Dispatcher<T, R> dispatcher, String name, MapOptions<T, R, V> options) {
        super(source);
        this.dispatcher = dispatcher;
        this.name = name;
        this.options = options;
    }

    static <T, R, V> Flux<V> of(
            Publisher<? extends T> source, Dispatcher<T, R> dispatcher, String name, MapOptions<T, R, V> options) {
        Objects.requireNonNull(source, "source");
        return onAssembly(new FluxMap<>(Flux.from(source), dispatcher, name, options));
    }

    @Override
    public int getPrefetch() {
        return options.ahead();
    }

    @Override
    public void subscribe(CoreSubscriber<? super V> actual) {
        source.subscribe(new MapSubscriber<>(actual, dispatcher, options));
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        if (key == Attr.DELAY_ERROR) {
            return options.delaysErrors();
        }
        return key == Attr.NAME ? name : super.scanUnsafe(key);
    }

    @Override
    public String toString() {
        return "lox(" + name + ")";
    }

    /** One subscription: the source's subscriber, and the subscription that the actual subscriber sees. */
    private static final class MapSubscriber<T, V> implements CoreSubscriber<T>, Subscription, Scannable {
        private final CoreSubscriber<? super V> actual;
        private final Mapping<T, V> mapping;
        private final MapOptions<T, ?, V> options;
        private @Nullable Subscription source;
        private volatile @Nullable Throwable error; // that has been signalled
        private volatile boolean terminated; // after the error, for a scan that looks at both

        <R> MapSubscriber(CoreSubscriber<? super V> actual, Dispatcher<T, R> dispatcher, MapOptions<T, R, V> options) {
            this.actual = actual;
            this.options = options;
            Context context = actual.currentContext();
            this.mapping = Mapping.of(
                    dispatcher,
                    new Results(),
                    options,
                    dispatcher.isAsynchronous()
                            ? ReactorDialect.contextOf(context)
                            : PropagatedContext.capture(context));
        }

        // ---- from the source ----

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(source, subscription)) {
                source = subscription;
                mapping.onSubscribe(new Source(subscription));
            }
        }

        @Override
        public void onNext(T element) {
            if (!mapping.accept(element)) {
                Operators.onNextDropped(element, currentContext());
            }
        }

        @Override
        public void onError(Throwable failure) {
            mapping.onError(failure);
        }

        @Override
        public void onComplete() {
            mapping.onComplete();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
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

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.PARENT) {
                return source;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.PREFETCH) {
                return options.ahead();
            }
            if (key == Attr.BUFFERED) {
                return (int) Math.min(mapping.underWay(), Integer.MAX_VALUE);
            }
            if (key == Attr.LARGE_BUFFERED) {
                return mapping.underWay();
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return mapping.requested();
            }
            if (key == Attr.CANCELLED) {
                return mapping.isCancelled();
            }
            if (key == Attr.TERMINATED) {
                return terminated;
            }
            if (key == Attr.DELAY_ERROR) {
                return options.delaysErrors();
            }
            if (key == Attr.ERROR) {
                Throwable signalled = error;
                return signalled == null ? mapping.pendingFailure() : signalled;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
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
                error = failure;
                terminated = true;
                actual.onError(failure);
            }

            @Override
            public void onComplete() {
                terminated = true;
                actual.onComplete();
            }

            @Override
            public void discarded(Object value) {
                Operators.onDiscard(value, currentContext());
            }

            @Override
            public void dropped(Throwable failure) {
                Operators.onErrorDropped(failure, currentContext());
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
