package lox.reactor;

import lox.sync.internal.lock.LockedBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** The body of a lock as it runs on a scheduler: as long as a thread is in it, the permit does not go back. */
final class FluxInside<T> extends Flux<T> implements Scannable {
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
        Inside<T> inside = new Inside<>(actual, locked);
        try {
            source.subscribe(inside);
        } catch (Throwable thrown) {
            if (cancelIfFatal(thrown, locked)) {
                throw thrown;
            }
            inside.failed(thrown);
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
        if (Exceptions.isFatal(thrown)) {
            locked.cancel();
        }
        return locked.isOver();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    private static final class Inside<T> implements CoreSubscriber<T>, Subscription, Scannable {
        private final CoreSubscriber<? super T> actual;
        private final LockedBody<?> locked;
        private @Nullable Subscription upstream;
        private volatile boolean terminated;
        private volatile boolean cancelled;
        private volatile @Nullable Throwable error;

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
                } catch (Throwable thrown) {
                    if (cancelIfFatal(thrown, locked)) {
                        throw thrown;
                    }
                    failed(thrown);
                } finally {
                    locked.exit();
                }
            }
        }

        void failed(Throwable thrown) {
            if (upstream == null) {
                actual.onSubscribe(Operators.emptySubscription());
            }
            onError(Operators.onOperatorError(thrown, currentContext()));
        }

        @Override
        public void cancel() {
            cancelled = true;
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
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.PARENT) {
                return upstream;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.TERMINATED) {
                return terminated;
            }
            if (key == Attr.CANCELLED) {
                return cancelled && !terminated;
            }
            if (key == Attr.ERROR) {
                return error;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
