package lox.reactor;

import lox.sync.engine.LockedBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/** The body of a lock as it runs on a scheduler: as long as a thread is in it, the permit does not go back. */
final class FluxInside<T> extends Flux<T> {
    private final Flux<? extends T> source;
    private final LockedBody<?> locked;

    FluxInside(Flux<? extends T> source, LockedBody<?> locked) {
        this.source = source;
        this.locked = locked;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        if (!locked.enter()) {
            return; // cancelled on the way
        }
        try {
            source.subscribe(new Inside<T>(actual, locked));
        } finally {
            locked.exit();
        }
    }

    private static final class Inside<T> implements CoreSubscriber<T>, Subscription {
        private final CoreSubscriber<? super T> actual;
        private final LockedBody<?> locked;
        private @Nullable Subscription upstream;

        Inside(CoreSubscriber<? super T> actual, LockedBody<?> locked) {
            this.actual = actual;
            this.locked = locked;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            Subscription subscribed = upstream;
            if (subscribed != null && locked.enter()) {
                try {
                    subscribed.request(n);
                } finally {
                    locked.exit();
                }
            }
        }

        @Override
        public void cancel() {
            Subscription subscribed = upstream;
            if (subscribed != null) {
                subscribed.cancel();
            }
        }

        @Override
        public void onNext(T next) {
            actual.onNext(next);
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
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
