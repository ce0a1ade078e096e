package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.exceptions.Exceptions;
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
        Inside<T> inside = new Inside<>(actual, locked);
        try {
            source.subscribe(inside);
        } catch (Throwable thrown) {
            if (cancelIfFatal(thrown, locked)) {
                throw thrown;
            }
            inside.onError(thrown);
        } finally {
            locked.exit();
        }
    }

    /**
     * Cancels a body that has thrown something fatal from {@code subscribe} or {@code request}. Returns whether the
     * body is over, so that nobody can be told and the caller has to throw it on; otherwise it is to be signalled,
     * since a thread other than the subscriber's would keep it to itself.
     */
    static boolean cancelIfFatal(Throwable thrown, LockedBody<?> locked) {
        try {
            Exceptions.throwIfFatal(thrown);
        } catch (Throwable fatal) {
            locked.cancel();
        }
        return locked.isOver();
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
                    if (cancelIfFatal(thrown, locked)) {
                        throw thrown;
                    }
                    onError(thrown);
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
