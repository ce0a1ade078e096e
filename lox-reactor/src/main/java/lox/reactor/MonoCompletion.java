package lox.reactor;

import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.engine.Completion;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * The engine's {@link Completion} as a Mono: hot, cached, any number of subscribers.
 *
 * @param <V> the type of the value
 */
final class MonoCompletion<V> extends Mono<V> implements Scannable {
    private final Completion<V> completion;
    private final String name;

    private MonoCompletion(Completion<V> completion, String name) {
        this.completion = completion;
        this.name = name;
    }

    static <V> Mono<V> of(Completion<V> completion, String name) {
        return onAssembly(new MonoCompletion<>(completion, name));
    }

    @Override
    public void subscribe(CoreSubscriber<? super V> actual) {
        Subscriber<V> subscriber = new Subscriber<>(actual, completion);
        actual.onSubscribe(subscriber);
        subscriber.observe();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        if (key == Attr.TERMINATED) {
            return completion.isEnded();
        }
        return key == Attr.NAME ? name : null;
    }

    @Override
    public String toString() {
        return "lox(" + name + ")";
    }

    /**
     * One subscriber. It observes from the moment it subscribes, because its cancel counts from then on; the value waits here
     * until it is requested.
     *
     * <pre>
     *   WAITING --request--&gt; REQUESTED --value--&gt; DONE
     *      |                                        ^
     *      +-----value-----&gt; HAS_VALUE --request----+      cancel, failure: DONE from anywhere
     * </pre>
     */
    private static final class Subscriber<V> extends AtomicInteger
            implements Subscription, Completion.Observer<V>, Scannable {
        private static final long serialVersionUID = 1L;
        private static final int WAITING = 0;
        private static final int REQUESTED = 1;
        private static final int HAS_VALUE = 2;
        private static final int DONE = 3;

        private final transient CoreSubscriber<? super V> actual;
        private final transient Completion<V> completion;
        private transient @Nullable V value; // published by the change to HAS_VALUE

        Subscriber(CoreSubscriber<? super V> actual, Completion<V> completion) {
            this.actual = actual;
            this.completion = completion;
        }

        void observe() {
            completion.observe(this);
            if (get() == DONE) {
                completion.leave(this); // cancelled in between, which counts as a subscriber's leaving
            }
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && !compareAndSet(WAITING, REQUESTED) && compareAndSet(HAS_VALUE, DONE)) {
                V ready = value;
                if (ready != null) {
                    emit(ready);
                }
            }
        }

        @Override
        public void cancel() {
            if (getAndSet(DONE) != DONE) {
                completion.leave(this);
            }
        }

        @Override
        public void succeeded(V result) {
            value = result;
            if (!compareAndSet(WAITING, HAS_VALUE) && compareAndSet(REQUESTED, DONE)) {
                emit(result);
            }
        }

        @Override
        public void failed(Throwable failure) {
            if (getAndSet(DONE) != DONE) {
                actual.onError(failure);
            }
        }

        private void emit(V result) {
            actual.onNext(result);
            actual.onComplete();
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.TERMINATED) {
                return completion.isEnded();
            }
            if (key == Attr.CANCELLED) {
                return get() == DONE && !completion.isEnded();
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
