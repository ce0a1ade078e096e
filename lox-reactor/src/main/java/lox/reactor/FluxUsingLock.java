package lox.reactor;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import lox.sync.engine.LockedBody;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Acquires, subscribes to the body, gives back, signals the end. */
final class FluxUsingLock<P extends Permit, T> extends Flux<T> {
    private final Acquirable<? extends P> lock;
    private final Function<? super P, ? extends Publisher<? extends T>> body;

    FluxUsingLock(Acquirable<? extends P> lock, Function<? super P, ? extends Publisher<? extends T>> body) {
        this.lock = lock;
        this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Locked.subscribe(lock, body, actual, false);
    }

    /** One subscription; also that of a {@link MonoUsingLock}, whose value waits until the permit is back. */
    static final class Locked<P extends Permit, T> extends Operators.DeferredSubscription
            implements CoreSubscriber<T>, Scannable {
        private final LockedBody<P> locked;
        private final Function<? super P, ? extends Publisher<? extends T>> body;
        private final CoreSubscriber<? super T> actual;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final boolean single;
        private @Nullable T value;

        private Locked(
                Acquirable<? extends P> lock,
                Function<? super P, ? extends Publisher<? extends T>> body,
                CoreSubscriber<? super T> actual,
                boolean single) {
            this.single = single;
            this.locked = new LockedBody<>(lock);
            this.body = body;
            this.actual = actual;
        }

        static <P extends Permit, T> void subscribe(
                Acquirable<? extends P> lock,
                Function<? super P, ? extends Publisher<? extends T>> body,
                CoreSubscriber<? super T> actual,
                boolean single) {
            Locked<P, T> subscription = new Locked<>(lock, body, actual, single);
            actual.onSubscribe(subscription);
            subscription.locked.start(subscription::run, subscription::onError);
        }

        private void run(P permit) {
            Publisher<? extends T> made;
            try {
                made = Objects.requireNonNull(body.apply(permit), "the body returned null");
            } catch (Throwable failure) {
                onError(Operators.onOperatorError(failure, currentContext()));
                return;
            }
            made.subscribe(this);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            set(subscription);
        }

        @Override
        public void request(long n) {
            if (locked.enter()) {
                try {
                    super.request(n);
                } finally {
                    locked.exit();
                }
            }
        }

        @Override
        public void onNext(T next) {
            if (locked.isOver()) {
                Operators.onNextDropped(next, currentContext());
            } else if (single) {
                value = next;
            } else {
                actual.onNext(next);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!ended.compareAndSet(false, true)) {
                Operators.onErrorDropped(Exceptions.unwrap(failure), currentContext());
                return;
            }
            locked.finish();
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            if (ended.compareAndSet(false, true)) {
                locked.finish();
                T last = value;
                if (last != null) {
                    actual.onNext(last);
                }
                actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            ended.set(true);
            super.cancel();
            locked.cancel();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        @SuppressWarnings("rawtypes") // as the method overridden
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.CANCELLED) {
                return isCancelled();
            }
            if (key == Attr.TERMINATED) {
                return ended.get();
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
