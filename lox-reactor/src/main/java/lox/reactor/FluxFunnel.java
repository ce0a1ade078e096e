package lox.reactor;

import lox.sync.Joined;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.funnel.ReadySubscription;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The joined jobs of a Funnel: hot, each for one subscriber. */
final class FluxFunnel<K> extends Flux<Joined<K>> implements Scannable {
    private final Funnel<K> funnel;

    private FluxFunnel(Funnel<K> funnel) {
        this.funnel = funnel;
    }

    static <K> Flux<Joined<K>> of(Funnel<K> funnel) {
        return onAssembly(new FluxFunnel<>(funnel));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Joined<K>> actual) {
        Subscriber<K> subscriber = new Subscriber<>(this, actual);
        actual.onSubscribe(subscriber);
        subscriber.start();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return funnel.name();
        }
        if (key == Attr.BUFFERED) {
            return funnel.readyJobs();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String toString() {
        return "lox(" + funnel.name() + ")";
    }

    private static final class Subscriber<K> extends ReadySubscription<Joined<K>> implements Subscription, Scannable {
        private final CoreSubscriber<? super Joined<K>> actual;
        private final FluxFunnel<K> parent;
        private volatile boolean ended;
        private volatile @Nullable Throwable error;

        Subscriber(FluxFunnel<K> parent, CoreSubscriber<? super Joined<K>> actual) {
            super(EngineAccess.joinEngine(parent.funnel));
            this.parent = parent;
            this.actual = actual;
        }

        @Override
        protected void next(Joined<K> item) {
            actual.onNext(item);
        }

        @Override
        protected void end(@Nullable Throwable failure) {
            error = failure;
            ended = true;
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }

        @Override
        protected void dropped(Throwable failure) {
            Operators.onErrorDropped(failure, actual.currentContext());
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.PARENT) {
                return parent;
            }
            if (key == Attr.ERROR) {
                return error;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested();
            }
            if (key == Attr.TERMINATED) {
                return ended;
            }
            if (key == Attr.CANCELLED) {
                return isOver() && !ended;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
