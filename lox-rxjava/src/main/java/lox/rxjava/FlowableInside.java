package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import lox.sync.internal.lock.LockedBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The body of a lock as it runs on a scheduler: as long as a thread is in it, the permit does not go back. */
final class FlowableInside<T> extends Flowable<T> {
    private final Publisher<? extends T> source;
    private final LockedBody<?> locked;

    FlowableInside(Publisher<? extends T> source, LockedBody<?> locked) {
        this.source = source;
        this.locked = locked;
    }

    @Override
    protected void subscribeActual(Subscriber<? super T> actual) {
        if (!locked.enter()) {
            return; // disposed of on the way
        }
        try {
            source.subscribe(new Inside<T>(actual, locked));
        } catch (Throwable thrown) {
            locked.cancel();
            throw thrown;
        } finally {
            locked.exit();
        }
    }

    private static final class Inside<T> implements FlowableSubscriber<T>, Subscription {
        private final Subscriber<? super T> actual;
        private final LockedBody<?> locked;
        private @Nullable Subscription upstream;

        Inside(Subscriber<? super T> actual, LockedBody<?> locked) {
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
                } catch (Throwable thrown) {
                    locked.cancel();
                    throw thrown;
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
    }
}
