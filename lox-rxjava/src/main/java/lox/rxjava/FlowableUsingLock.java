package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.exceptions.Exceptions;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.Objects;
import lox.sync.internal.lock.LockedBody;
import lox.sync.lock.Acquirable;
import lox.sync.lock.Permit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Acquires, subscribes to the body, gives back, signals the end. */
final class FlowableUsingLock<P extends Permit, T> extends Flowable<T> {
    private final Acquirable<? extends P> lock;
    private final @Nullable Scheduler scheduler;
    private final Function<? super P, ? extends Publisher<? extends T>> body;

    private FlowableUsingLock(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Publisher<? extends T>> body) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.body = body;
    }

    static <P extends Permit, T> Flowable<T> of(
            Acquirable<? extends P> lock,
            @Nullable Scheduler scheduler,
            Function<? super P, ? extends Publisher<? extends T>> body) {
        return RxJavaPlugins.onAssembly(new FlowableUsingLock<P, T>(lock, scheduler, body));
    }

    @Override
    protected void subscribeActual(Subscriber<? super T> actual) {
        Locked<P, T> locked = new Locked<>(lock, scheduler, body, actual);
        actual.onSubscribe(locked);
        locked.start();
    }

    private static final class Locked<P extends Permit, T>
            implements FlowableSubscriber<T>, LockedBody.Body<P>, Subscription {
        private final LockedBody<P> locked;
        private final @Nullable Scheduler scheduler;
        private final Function<? super P, ? extends Publisher<? extends T>> body;
        private final Subscriber<? super T> actual;
        private final LateSubscription source = new LateSubscription();

        Locked(
                Acquirable<? extends P> lock,
                @Nullable Scheduler scheduler,
                Function<? super P, ? extends Publisher<? extends T>> body,
                Subscriber<? super T> actual) {
            this.locked = new LockedBody<>(lock);
            this.scheduler = scheduler;
            this.body = body;
            this.actual = actual;
        }

        void start() {
            locked.start(this);
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
                Exceptions.throwIfFatal(failure);
                onError(failure);
                return;
            }
            if (scheduler == null) {
                try {
                    made.subscribe(this);
                } catch (Throwable thrown) {
                    if (FlowableInside.cancelIfFatal(thrown, locked)) {
                        throw thrown;
                    }
                    onError(thrown);
                }
            } else {
                new FlowableInside<T>(made, locked).subscribeOn(scheduler).subscribe(this);
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            source.set(subscription);
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                RxJavaPlugins.onError(new IllegalArgumentException("n > 0 required but it was " + n));
            } else if (locked.enter()) {
                try {
                    source.request(n);
                } catch (Throwable thrown) {
                    cancel();
                    throw thrown;
                } finally {
                    locked.exit();
                }
            }
        }

        @Override
        public void onNext(T value) {
            if (!locked.isOver()) {
                try {
                    actual.onNext(value);
                } catch (Throwable thrown) {
                    cancel();
                    throw thrown;
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (locked.finish()) {
                actual.onError(failure);
            } else {
                RxJavaPlugins.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (locked.finish()) {
                actual.onComplete();
            }
        }

        @Override
        public void cancel() {
            if (locked.cancel()) {
                try {
                    source.cancel();
                } finally {
                    locked.withdraw();
                }
            }
        }
    }
}
