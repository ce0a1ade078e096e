package lox.contract.hot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import lox.sync.Announcement;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;

/** A subscriber that remembers everything, and notices signals that overlap or come after the end. */
class Listener<T> implements Flow.Subscriber<T> {
    private static final int SECONDS = Patience.SECONDS;

    private final long initialDemand;
    private final List<T> items = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile @Nullable Throwable failure;
    private volatile boolean completed;
    private volatile @Nullable String broken;

    Listener(long initialDemand) {
        this.initialDemand = initialDemand;
    }

    /** One that wants everything. */
    Listener() {
        this(Long.MAX_VALUE);
    }

    /** What a test does with an item. */
    void hear(T item) {
        // Nothing but remember it.
    }

    /** Reads what waits in a member's queue now. */
    final void readFrom(Announcement.Member<? extends T> member) {
        while (member.size() != 0) {
            onNext(member.poll().orElseThrow());
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        enter();
        if (subscription != null) {
            broken = "two subscriptions";
        }
        subscription = given;
        if (initialDemand > 0) {
            given.request(initialDemand);
        }
        exit();
    }

    @Override
    public void onNext(T item) {
        enter();
        synchronized (items) {
            items.add(item);
        }
        try {
            hear(item);
        } finally {
            exit();
        }
    }

    @Override
    public void onError(Throwable thrown) {
        enter();
        failure = thrown;
        exit();
    }

    @Override
    public void onComplete() {
        enter();
        completed = true;
        exit();
    }

    private void enter() {
        if (inside.getAndIncrement() != 0) {
            broken = "signals overlap";
        }
        if (isEnded()) {
            broken = "a signal after the end";
        }
    }

    private void exit() {
        inside.decrementAndGet();
    }

    final void request(long n) {
        Objects.requireNonNull(subscription, "subscription").request(n);
    }

    final void cancel() {
        Objects.requireNonNull(subscription, "subscription").cancel();
    }

    final List<T> items() {
        assertThat(broken).as("a broken rule").isNull();
        synchronized (items) {
            return List.copyOf(items);
        }
    }

    final int count() {
        synchronized (items) {
            return items.size();
        }
    }

    final boolean isEnded() {
        return completed || failure != null;
    }

    final boolean isCompleted() {
        return completed;
    }

    final Throwable failure() {
        return Objects.requireNonNull(failure, "failure");
    }

    final Listener<T> awaitEnd() {
        until("the end", this::isEnded);
        return this;
    }

    final Listener<T> awaitCount(int expected) {
        until(expected + " items", () -> count() >= expected);
        return this;
    }

    static void until(String what, BooleanSupplier state) {
        long start = System.nanoTime();
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new AssertionError("not within " + SECONDS + " s: " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
