package lox.reactor;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.result.Completion;
import lox.sync.internal.result.StackProbe;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

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
        Subscriber<V> subscriber = new Subscriber<>(actual, this);
        actual.onSubscribe(subscriber);
        subscriber.observe();
    }

    /** In a task on the same workers it does the work that it would wait for. */
    @Override
    public @Nullable V block() {
        help();
        return super.block();
    }

    @Override
    public @Nullable V block(Duration timeout) {
        help();
        return super.block(timeout);
    }

    private void help() {
        if (completion instanceof Gathering<V> gathering && !Schedulers.isInNonBlockingThread()) {
            gathering.help();
        }
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        if (key == Attr.TERMINATED) {
            return completion.isEnded();
        }
        if (key == Attr.ERROR) {
            return completion.failure();
        }
        return key == Attr.NAME ? name : null;
    }

    @Override
    public String toString() {
        return "lox(" + name + ")";
    }

    /**
     * One subscriber. It observes from the moment it subscribes, because its cancel counts from then on; the value
     * waits here until it is requested.
     *
     * <pre>
     *   WAITING --request--&gt; REQUESTED --value--&gt; DONE
     *      |                                        ^
     *      +-----value-----&gt; HAS_VALUE --request----+      failure: DONE from anywhere, cancel: CANCELLED
     * </pre>
     */
    private static final class Subscriber<V> extends AtomicInteger
            implements Subscription, Completion.Observer<V>, Scannable {
        private static final long serialVersionUID = 1L;
        private static final int WAITING = 0;
        private static final int REQUESTED = 1;
        private static final int HAS_VALUE = 2;
        private static final int DONE = 3;
        private static final int CANCELLED = 4;

        private final transient CoreSubscriber<? super V> actual;
        private final transient MonoCompletion<V> mono;
        private final transient Completion<V> completion;
        private transient @Nullable V value; // published by the change to HAS_VALUE

        Subscriber(CoreSubscriber<? super V> actual, MonoCompletion<V> mono) {
            this.actual = actual;
            this.mono = mono;
            this.completion = mono.completion;
        }

        void observe() {
            completion.observe(this);
            if (get() == CANCELLED) {
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
            StackProbe.check();
            if (end(CANCELLED)) {
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
            if (end(DONE)) {
                actual.onError(failure);
            }
        }

        @Override
        public boolean hasLeft() {
            return get() == CANCELLED;
        }

        @Override
        public Consumer<Object> discarding() {
            return ReactorDialect.discardingTo(actual.currentContext());
        }

        private boolean end(int state) {
            return getAndUpdate(before -> before < DONE ? state : before) < DONE;
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
            if (key == Attr.PARENT) {
                return mono;
            }
            if (key == Attr.TERMINATED) {
                return get() == DONE;
            }
            if (key == Attr.CANCELLED) {
                return get() == CANCELLED;
            }
            if (key == Attr.ERROR) {
                return get() == CANCELLED ? null : completion.failure();
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return get() == REQUESTED ? 1L : 0L;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
