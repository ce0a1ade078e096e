package lox.reactor;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import lox.sync.internal.lock.LockedBody;
import lox.sync.internal.result.Unchecked;
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
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/** Acquires, subscribes to the body, gives back, signals the end. */
final class FluxUsingLock<P extends Permit, T> extends Flux<T> implements Scannable {
    private final Acquirable<? extends P> lock;
    private final @Nullable Scheduler scheduler;
    private final Function<? super P, ? extends Publisher<? extends T>> body;

    private FluxUsingLock(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Publisher<? extends T>> body) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.body = body;
    }

    static <P extends Permit, T> Flux<T> of(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Publisher<? extends T>> body) {
        return onAssembly(new FluxUsingLock<P, T>(lock, scheduler, body));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Locked.subscribe(lock, scheduler, body, actual, false);
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.RUN_STYLE) {
            return scheduler == null ? Attr.RunStyle.SYNC : Attr.RunStyle.ASYNC;
        }
        return null;
    }

    @Override
    public String toString() {
        return "lox(using)";
    }

    /** One subscription; also that of a {@link MonoUsingLock}, whose value waits until the permit is back. */
    static final class Locked<P extends Permit, T> extends Operators.DeferredSubscription
            implements CoreSubscriber<T>, LockedBody.Body<P>, Scannable {
        @SuppressWarnings("rawtypes") // as an updater's class is
        private static final AtomicReferenceFieldUpdater<Locked, Object> VALUE =
                AtomicReferenceFieldUpdater.newUpdater(Locked.class, Object.class, "value");

        private final LockedBody<P> locked;
        private final @Nullable Scheduler scheduler;
        private final Function<? super P, ? extends Publisher<? extends T>> body;
        private final CoreSubscriber<? super T> actual;
        private final boolean single;
        private volatile @Nullable Object value; // the first one of a Mono
        private volatile @Nullable Throwable error; // that has been signalled
        private volatile boolean terminated; // after the error, for a scan that looks at both

        private Locked(
                Acquirable<? extends P> lock,
                @Nullable Scheduler scheduler,
                Function<? super P, ? extends Publisher<? extends T>> body,
                CoreSubscriber<? super T> actual,
                boolean single) {
            this.single = single;
            this.scheduler = scheduler;
            this.locked = new LockedBody<>(lock);
            this.body = body;
            this.actual = actual;
        }

        static <P extends Permit, T> void subscribe(
                Acquirable<? extends P> lock,
                @Nullable Scheduler scheduler,
                Function<? super P, ? extends Publisher<? extends T>> body,
                CoreSubscriber<? super T> actual,
                boolean single) {
            Locked<P, T> subscription = new Locked<>(lock, scheduler, body, actual, single);
            actual.onSubscribe(subscription);
            subscription.locked.start(subscription);
        }

        @Override
        public void failed(Throwable refusal) {
            onError(refusal);
        }

        @Override
        public void granted(P permit) {
            Publisher<? extends T> made;
            try {
                made = Objects.requireNonNull(body.apply(permit), "the body returned null");
            } catch (Throwable failure) {
                onError(Operators.onOperatorError(failure, currentContext()));
                return;
            }
            if (scheduler == null) {
                try {
                    made.subscribe(this);
                } catch (Throwable thrown) {
                    if (FluxInside.cancelIfFatal(thrown, locked)) {
                        throw thrown;
                    }
                    onError(Operators.onOperatorError(thrown, currentContext()));
                }
            } else {
                new FluxInside<T>(Flux.from(made), locked)
                        .subscribeOn(scheduler)
                        .subscribe(this);
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            set(subscription);
        }

        @Override
        public void request(long n) {
            if (locked.enter()) {
                try {
                    super.request(single && n > 0 ? Long.MAX_VALUE : n); // the end of a Mono may come after more
                } catch (Throwable thrown) {
                    cancel();
                    throw thrown;
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
                keep(next);
            } else {
                try {
                    actual.onNext(next);
                } catch (Throwable thrown) {
                    cancel();
                    throw thrown;
                }
            }
        }

        private void keep(T next) {
            if (!VALUE.compareAndSet(this, null, next)) {
                Operators.onNextDropped(next, currentContext());
            } else if (locked.isOver()) { // since the look at it above
                discardValue();
            }
        }

        private void discardValue() {
            if (value != null) {
                Operators.onDiscard(VALUE.getAndSet(this, null), currentContext());
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (locked.finish()) {
                discardValue();
                error = failure;
                terminated = true;
                actual.onError(failure);
            } else {
                Operators.onErrorDropped(Exceptions.unwrap(failure), currentContext());
            }
        }

        @Override
        public void onComplete() {
            if (locked.finish()) {
                terminated = true;
                T kept = Unchecked.<T>cast(VALUE.getAndSet(this, null));
                if (kept != null) {
                    actual.onNext(kept);
                }
                actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (locked.cancel()) {
                try {
                    super.cancel();
                } finally {
                    locked.withdraw();
                    discardValue();
                }
            }
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
                return terminated;
            }
            if (key == Attr.ERROR) {
                return error;
            }
            if (key == Attr.RUN_STYLE) {
                return scheduler == null ? Attr.RunStyle.SYNC : Attr.RunStyle.ASYNC;
            }
            return null;
        }
    }
}
