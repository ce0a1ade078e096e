package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import lox.sync.Joined;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.funnel.ReadySubscription;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The joined jobs of a Funnel: hot, each for one subscriber. */
final class FlowableFunnel<K> extends Flowable<Joined<K>> {
    private final Funnel<K> funnel;

    private FlowableFunnel(Funnel<K> funnel) {
        this.funnel = funnel;
    }

    static <K> Flowable<Joined<K>> of(Funnel<K> funnel) {
        return RxJavaPlugins.onAssembly(new FlowableFunnel<>(funnel));
    }

    @Override
    protected void subscribeActual(Subscriber<? super Joined<K>> actual) {
        Items<K> items = new Items<>(funnel, actual);
        actual.onSubscribe(items);
        items.start();
    }

    private static final class Items<K> extends ReadySubscription<Joined<K>> implements Subscription {
        private final Subscriber<? super Joined<K>> actual;

        Items(Funnel<K> funnel, Subscriber<? super Joined<K>> actual) {
            super(EngineAccess.joinEngine(funnel));
            this.actual = actual;
        }

        @Override
        protected void next(Joined<K> item) {
            actual.onNext(item);
        }

        @Override
        protected void end(@Nullable Throwable failure) {
            if (failure == null) {
                actual.onComplete();
            } else {
                actual.onError(failure);
            }
        }

        @Override
        protected void dropped(Throwable failure) {
            RxJavaPlugins.onError(failure);
        }
    }
}
