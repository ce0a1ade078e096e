package lox.reactor;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber that requests nothing of its own accord and keeps every signal. */
final class RecordingSubscriber<T> implements CoreSubscriber<T> {
    final List<T> values = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final AtomicInteger completions = new AtomicInteger();
    private volatile @Nullable Subscription subscription;

    Subscription subscription() {
        return Objects.requireNonNull(subscription, "not subscribed");
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
    }

    @Override
    public void onNext(T value) {
        values.add(value);
    }

    @Override
    public void onError(Throwable failure) {
        failures.add(failure);
    }

    @Override
    public void onComplete() {
        completions.incrementAndGet();
    }
}
