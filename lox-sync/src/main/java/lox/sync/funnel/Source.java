package lox.sync.funnel;

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
 * A publisher that feeds an input. It asks for a prefetch, and for more as its values are taken in, but not while so many
 * joined jobs wait to be taken, and not while a value waits here for room among the pending jobs. So a slow consumer slows
 * the publisher down, and no thread ever waits.
 *
 * <p>Work is counted as in {@link Delivery}: who finds the count at zero has the turn. The fields without a modifier belong to
 * whoever has the turn.
 */
final class Source<K, A> implements Flow.Subscriber<A> {
    private record Held<K, A>(K id, A value) {}

    private final JobInput<K, A> input;
    private final Junction<K> junction;
    private final Function<? super A, ? extends K> jobIdOf;
    private final AtomicInteger work = new AtomicInteger();
    private final Queue<A> arrived = new ConcurrentLinkedQueue<>();
    private volatile Flow.@Nullable Subscription upstream;
    private volatile boolean cancelled;
    private volatile boolean exhausted;
    private volatile boolean stalled;

    /** Values of jobs there is no room for, in the order they came; at most a prefetch. */
    private final Queue<Held<K, A>> held = new ArrayDeque<>();

    private int received; // since the last request
    private boolean completed;

    Source(JobInput<K, A> input, Junction<K> junction, Function<? super A, ? extends K> jobIdOf) {
        this.input = input;
        this.junction = junction;
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
            subscription.request(junction.prefetch());
        }
    }

    @Override
    public void onNext(A value) {
        Objects.requireNonNull(value, "value");
        if (work.compareAndSet(0, 1)) {
            take(value);
            proceed();
        } else {
            arrived.add(value);
            resume();
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (cancelled) {
            junction.dropped(failure);
        } else {
            cancelled = true;
            upstream = null; // it has ended by itself
            junction.fail(failure);
        }
    }

    @Override
    public void onComplete() {
        exhausted = true;
        resume();
    }

    void cancel() {
        cancelled = true;
        Flow.Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
        resume(); // to let go of what is held
    }

    /** To be called when something it may have stalled for has changed. */
    void resume() {
        if (work.getAndIncrement() == 0) {
            proceed();
        }
    }

    // The caller has the turn.
    private void proceed() {
        int count = work.get();
        while (count != 0) {
            turn();
            count = work.addAndGet(-count);
        }
    }

    private void turn() {
        takeHeld();
        for (A value = arrived.poll(); value != null; value = arrived.poll()) {
            take(value);
        }
        if (cancelled) {
            held.clear();
            arrived.clear();
            junction.stalled().remove(this);
        } else if (!exhausted) {
            request();
        } else if (held.isEmpty() && arrived.isEmpty() && !completed) {
            completed = true;
            junction.stalled().remove(this);
            input.completed(this);
        } else {
            stall();
        }
    }

    private void request() {
        Flow.Subscription subscription = upstream;
        int prefetch = junction.prefetch();
        if (subscription == null || received < prefetch - (prefetch >> 2)) {
            if (!held.isEmpty()) {
                stall();
            }
            return;
        }
        if (!held.isEmpty() || junction.isBacklogged() || junction.isAhead(input)) {
            stall();
            return;
        }
        junction.stalled().remove(this);
        int more = received;
        received = 0;
        subscription.request(more);
    }

    // Looks again after saying that it has stalled, for what changed in between resumed nobody.
    private void stall() {
        if (!stalled) {
            stalled = true;
            junction.stalled().add(this);
            work.getAndIncrement();
        }
    }

    void unstalled() {
        stalled = false;
    }

    // What is held goes first, so that the values of one job keep their order.
    private void takeHeld() {
        if (held.isEmpty() || cancelled) {
            return;
        }
        Set<K> refused = new HashSet<>();
        held.removeIf(one -> !refused.contains(one.id()) && (put(one.id(), one.value()) || !refused.add(one.id())));
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
        takeHeld();
        if (isHeld(id) || !put(id, value)) {
            held.add(new Held<>(id, value));
        }
    }

    private boolean isHeld(K id) {
        for (Held<K, A> one : held) {
            if (one.id().equals(id)) {
                return true;
            }
        }
        return false;
    }

    /** False if there is no room for it. */
    private boolean put(K id, A value) {
        try {
            return cancelled || junction.put(input, id, value, false);
        } catch (Throwable failure) {
            if (input.state() == JobInput.State.OPEN) {
                fail(failure);
            } else {
                cancel(); // what failed is that the input is closed, and nobody wants more
            }
            return true;
        }
    }

    private void fail(Throwable failure) {
        cancel();
        junction.fail(failure);
    }
}
