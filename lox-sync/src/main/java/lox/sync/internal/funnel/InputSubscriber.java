package lox.sync.internal.funnel;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The subscriber of a publisher that feeds an input. It requests a prefetch, and more as its values are put. It does
 * not request more while a prefetch of joined jobs waits to be taken, or while a value waits here for room among the
 * pending jobs. So a slow consumer slows the publisher down, and no thread waits.
 *
 * <p>It drains with a {@code wip} counter as {@link ReadySubscription} does. Only the draining thread uses the fields
 * that are neither final nor volatile, and {@code parked}.
 */
final class InputSubscriber<K, A> implements Flow.Subscriber<A>, JoinInput.Feed, Backpressure.Stalled {
    private record Parked<K, A>(K id, A value) {}

    private final JoinInput<K, A> input;
    private final JoinInput.Join<K> join;
    private final Backpressure backpressure;
    private final Function<? super A, ? extends K> jobIdOf;
    private final AtomicInteger wip = new AtomicInteger();
    private final Queue<A> arrived = new ConcurrentLinkedQueue<>();
    private volatile Flow.@Nullable Subscription upstream;
    private volatile boolean cancelled;
    private volatile boolean exhausted;
    private volatile boolean stalled;

    /** Values for which there is no room, in the order in which they came; at most a prefetch. */
    private final Queue<Parked<K, A>> parked = new ArrayDeque<>();

    private int received; // since the last request
    private boolean completed;

    InputSubscriber(
            JoinInput<K, A> input,
            JoinInput.Join<K> join,
            Backpressure backpressure,
            Function<? super A, ? extends K> jobIdOf) {
        this.input = input;
        this.join = join;
        this.backpressure = backpressure;
        this.jobIdOf = jobIdOf;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        if (upstream != null || cancelled) {
            subscription.cancel();
            return;
        }
        upstream = subscription;
        if (cancelled) {
            subscription.cancel();
        } else {
            subscription.request(backpressure.prefetch());
        }
    }

    @Override
    public void onNext(A value) {
        Objects.requireNonNull(value, "value");
        if (wip.compareAndSet(0, 1)) {
            take(value);
            drainLoop();
        } else {
            arrived.add(value);
            resume();
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (cancelled) {
            join.dropped(failure);
        } else {
            cancelled = true;
            upstream = null; // the publisher has ended, so there is nothing to cancel
            join.fail(failure);
        }
    }

    @Override
    public void onComplete() {
        exhausted = true;
        resume();
    }

    @Override
    public void cancel() {
        cancelled = true;
        Flow.Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
        resume(); // drops the parked values
    }

    @Override
    public void resume() {
        if (wip.getAndIncrement() == 0) {
            drainLoop();
        }
    }

    // The caller has incremented wip from zero.
    private void drainLoop() {
        int count = wip.get();
        while (count != 0) {
            drainOnce();
            count = wip.addAndGet(-count);
        }
    }

    private void drainOnce() {
        putParked();
        for (A value = arrived.poll(); value != null; value = arrived.poll()) {
            take(value);
        }
        if (cancelled) {
            parked.clear();
            arrived.clear();
            backpressure.remove(this);
        } else if (!exhausted) {
            request();
        } else if (parked.isEmpty() && arrived.isEmpty() && !completed) {
            completed = true;
            backpressure.remove(this);
            input.completed(this);
        } else {
            stall();
        }
    }

    private void request() {
        Flow.Subscription subscription = upstream;
        int prefetch = backpressure.prefetch();
        if (subscription == null || received < prefetch - (prefetch >> 2)) {
            if (!parked.isEmpty()) {
                stall();
            }
            return;
        }
        if (!parked.isEmpty() || backpressure.holdsBack(input)) {
            stall();
            return;
        }
        backpressure.remove(this);
        int more = received;
        received = 0;
        subscription.request(more);
    }

    // Looks again after noting that it has stalled: a change in between has resumed nothing.
    private void stall() {
        if (!stalled) {
            stalled = true;
            backpressure.add(this);
            wip.getAndIncrement();
        }
    }

    @Override
    public void unstalled() {
        stalled = false;
    }

    // Parked values go first, so that the values of one job keep their order.
    private void putParked() {
        if (parked.isEmpty() || cancelled) {
            return;
        }
        Set<K> refused = new HashSet<>();
        parked.removeIf(one -> !refused.contains(one.id()) && (put(one.id(), one.value()) || !refused.add(one.id())));
    }

    private void take(A value) {
        received++;
        if (cancelled) {
            return;
        }
        K id;
        try {
            id = Objects.requireNonNull(jobIdOf.apply(value), "jobIdOf returned null");
        } catch (Throwable failure) {
            fail(failure);
            return;
        }
        putParked();
        if (isParked(id) || !put(id, value)) {
            parked.add(new Parked<>(id, value));
        }
    }

    private boolean isParked(K id) {
        for (Parked<K, A> one : parked) {
            if (one.id().equals(id)) {
                return true;
            }
        }
        return false;
    }

    /** Returns false if there is no room for the value. */
    private boolean put(K id, A value) {
        try {
            return cancelled || join.put(input, id, value, false);
        } catch (Throwable failure) {
            if (input.state() == JoinInput.State.OPEN) {
                fail(failure);
            } else {
                cancel(); // the put failed because the input is closed
            }
            return true;
        }
    }

    private void fail(Throwable failure) {
        cancel();
        join.fail(failure);
    }
}
