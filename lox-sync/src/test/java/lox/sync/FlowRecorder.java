package lox.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscriber that keeps every signal, and complains of those that overlap or come after the end. */
final class FlowRecorder<T> implements Flow.Subscriber<T> {
    private final long first;
    private final List<T> values = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicInteger completions = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile @Nullable Thread insideThread;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile Consumer<T> onEach = value -> {};

    private FlowRecorder(long first) {
        this.first = first;
    }

    static <T> FlowRecorder<T> unbounded() {
        return new FlowRecorder<>(Long.MAX_VALUE);
    }

    static <T> FlowRecorder<T> requesting(long n) {
        return new FlowRecorder<>(n);
    }

    void onEach(Consumer<T> action) {
        onEach = action;
    }

    List<T> values() {
        if (!faults.isEmpty()) {
            throw new AssertionError(faults.toString());
        }
        return values;
    }

    List<Throwable> failures() {
        return failures;
    }

    int completions() {
        return completions.get();
    }

    void request(long n) {
        Objects.requireNonNull(subscription, "not subscribed").request(n);
    }

    void cancel() {
        Objects.requireNonNull(subscription, "not subscribed").cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (first > 0) {
            given.request(first);
        }
    }

    @Override
    public void onNext(T value) {
        if (inside.getAndIncrement() != 0) {
            faults.add("onNext overlaps, in " + insideThread + " and " + Thread.currentThread());
        }
        insideThread = Thread.currentThread();
        if (completions.get() + failures.size() > 0) {
            faults.add("onNext after the end: " + value);
        }
        values.add(value);
        try {
            onEach.accept(value);
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (inside.get() != 0) {
            faults.add("onError overlaps");
        }
        failures.add(failure);
    }

    @Override
    public void onComplete() {
        if (inside.get() != 0) {
            faults.add("onComplete overlaps");
        }
        completions.incrementAndGet();
    }
}
