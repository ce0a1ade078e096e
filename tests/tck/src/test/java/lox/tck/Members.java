package lox.tck;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import lox.cluster.internal.StatePublisher;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;

/** The publisher of a cluster's members, with a state that is another each time it is looked at. */
final class Members {
    private Members() {}

    /** It never fails, for which the kit takes null. */
    @SuppressWarnings("NullAway")
    static Stream<Subject> all() {
        return Stream.of(Subject.endless(
                "Members of a cluster", elements -> FlowAdapters.toPublisher(emitting(elements)), () -> null));
    }

    private static Flow.Publisher<Long> emitting(long elements) {
        AtomicLong count = new AtomicLong();
        AtomicReference<@Nullable StatePublisher<Long>> made = new AtomicReference<>();
        StatePublisher<Long> publisher = new StatePublisher<>(() -> {
            long now = count.incrementAndGet();
            StatePublisher<Long> own = made.get();
            if (now >= elements && own != null) {
                own.complete(); // after this one
            }
            return now;
        });
        made.set(publisher);
        if (elements == 0) {
            publisher.complete();
        }
        return subscriber -> publisher.subscribe(new Patient<>(subscriber));
    }

    /**
     * A wrong request returns when its error has come, which another thread brings: the kit looks for it once, after some
     * milliseconds, whatever its limit is.
     */
    private static final class Patient<T> implements Flow.Subscriber<T> {
        private final Flow.Subscriber<? super T> subscriber;
        private final CountDownLatch failed = new CountDownLatch(1);

        Patient(Flow.@Nullable Subscriber<? super T> subscriber) {
            this.subscriber = Objects.requireNonNull(subscriber);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private volatile boolean isCancelled;

                @Override
                public void request(long count) {
                    subscription.request(count);
                    if (count <= 0 && !isCancelled) {
                        awaitFailure();
                    }
                }

                @Override
                public void cancel() {
                    isCancelled = true;
                    subscription.cancel();
                }
            });
        }

        private void awaitFailure() {
            try {
                if (!failed.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("a wrong request has no error");
                }
            } catch (InterruptedException nobodyDoesThat) {
                throw new AssertionError(nobodyDoesThat);
            }
        }

        @Override
        public void onNext(T item) {
            subscriber.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
            failed.countDown();
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
