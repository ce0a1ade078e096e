package lox.reactor;

import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.Buffer;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.hot.Broadcast;
import lox.sync.internal.hot.BufferPolicy;
import lox.sync.internal.hot.ItemReceiver;
import lox.sync.internal.hot.ItemSubscription;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The engine's {@link Broadcast} as a Flux.
 *
 * @param <T> the type of the items
 */
final class FluxAnnouncement<T> extends Flux<T> implements Scannable {
    private final Broadcast<T> broadcast;
    private final BufferPolicy policy;
    private final @Nullable Object member;

    private FluxAnnouncement(Broadcast<T> broadcast, BufferPolicy policy, @Nullable Object member) {
        this.broadcast = broadcast;
        this.policy = policy;
        this.member = member;
    }

    static <T> Flux<T> of(Broadcast<T> broadcast, Buffer buffer, @Nullable Object member) {
        BufferPolicy policy = EngineAccess.policy(Objects.requireNonNull(buffer, "buffer"));
        return onAssembly(new FluxAnnouncement<>(broadcast, policy, member));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        broadcast.subscribe(new Inner<>(actual, this), policy, member);
    }

    @Override
    public int getPrefetch() {
        return policy.capacity();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return broadcast.name();
        }
        if (key == Attr.TERMINATED) {
            return broadcast.isEnded();
        }
        if (key == Attr.PREFETCH || key == Attr.CAPACITY) {
            return policy.capacity();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    public String toString() {
        return "lox(" + broadcast.name() + ")";
    }

    /** One subscriber: the engine's signals become Reactor's. */
    private static final class Inner<T> implements ItemReceiver<T>, Subscription, Scannable {
        private final CoreSubscriber<? super T> actual;
        private Flow.@Nullable Subscription subscription; // set before anybody knows this
        private final FluxAnnouncement<T> parent;
        private volatile boolean terminated;
        private volatile @Nullable Throwable error;
        private volatile boolean cancelled;

        Inner(CoreSubscriber<? super T> actual, FluxAnnouncement<T> parent) {
            this.actual = actual;
            this.parent = parent;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(T item) {
            actual.onNext(item);
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
        public void discarded(T item) {
            Operators.onDiscard(item, actual.currentContext());
        }

        @Override
        public void faulted(Throwable thrown) {
            Operators.onErrorDropped(thrown, actual.currentContext());
        }

        @Override
        public void request(long n) {
            Flow.Subscription given = subscription;
            if (given != null) {
                given.request(n);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            Flow.Subscription given = subscription;
            if (given != null) {
                given.cancel();
            }
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.PARENT) {
                return parent;
            }
            if (key == Attr.PREFETCH) {
                return parent.getPrefetch();
            }
            if (key == Attr.ERROR) {
                return error;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return subscription instanceof ItemSubscription given ? given.requested() : 0L;
            }
            if (key == Attr.TERMINATED) {
                return terminated;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
