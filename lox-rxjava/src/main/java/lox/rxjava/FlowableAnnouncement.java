package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.Objects;
import java.util.concurrent.Flow;
import lox.sync.Buffer;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.hot.Broadcast;
import lox.sync.internal.hot.BufferPolicy;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The engine's {@link Broadcast} as a Flowable.
 *
 * @param <T> the type of the items
 */
final class FlowableAnnouncement<T> extends Flowable<T> {
    private final Broadcast<T> broadcast;
    private final BufferPolicy policy;
    private final @Nullable Object member;

    private FlowableAnnouncement(Broadcast<T> broadcast, BufferPolicy policy, @Nullable Object member) {
        this.broadcast = broadcast;
        this.policy = policy;
        this.member = member;
    }

    static <T> Flowable<T> of(Broadcast<T> broadcast, Buffer buffer, @Nullable Object member) {
        BufferPolicy policy = EngineAccess.policy(Objects.requireNonNull(buffer, "buffer"));
        return RxJavaPlugins.onAssembly(new FlowableAnnouncement<>(broadcast, policy, member));
    }

    @Override
    protected void subscribeActual(Subscriber<? super T> downstream) {
        broadcast.subscribe(new Inner<T>(downstream), policy, member);
    }

    @Override
    public String toString() {
        return "lox(" + broadcast.name() + ")";
    }

    /** One subscriber: the engine's signals become those of Reactive Streams. */
    private static final class Inner<T> implements Flow.Subscriber<T>, Subscription {
        private final Subscriber<? super T> downstream;
        private Flow.@Nullable Subscription subscription; // set before anybody knows this

        Inner(Subscriber<? super T> downstream) {
            this.downstream = downstream;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            downstream.onSubscribe(this);
        }

        @Override
        public void onNext(T item) {
            downstream.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            downstream.onError(failure);
        }

        @Override
        public void onComplete() {
            downstream.onComplete();
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
            Flow.Subscription given = subscription;
            if (given != null) {
                given.cancel();
            }
        }
    }
}
