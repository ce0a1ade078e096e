package lox.sync.funnel;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.engine.Demand;
import org.jspecify.annotations.Nullable;

/**
 * For lox's adapters, not for users: one subscriber of an {@link Outlet}, and its subscription.
 *
 * <p>Whoever has something for the subscriber adds one to the count of work; who finds it at zero has the turn and delivers
 * until nobody has added more. So signals never overlap, nobody waits, and a subscriber that requests or puts from inside
 * {@code onNext} only adds to the count.
 *
 * <pre>
 *                 start              add work             nothing more
 *   NEW (count 1) ─────> IDLE (0) ─────────────> TURN (n) ─────────────> IDLE
 *                                                  │ cancelled, ended, a rule broken
 *                                                  └────────────────────────────────> OVER
 * </pre>
 *
 * @param <T> the type of the items
 */
public abstract class Delivery<T> implements Flow.Subscription {
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger(1); // start() gives it back
    private final Outlet<T> outlet;
    private volatile boolean over;
    private volatile @Nullable IllegalArgumentException badRequest;

    /**
     * A subscription to what a Funnel emits. To be handed to the subscriber, then to {@link #start}.
     *
     * @param funnel where the items come from
     */
    @SuppressWarnings("unchecked") // T is Joined<K>
    protected Delivery(JobFunnel<?> funnel) {
        this((Outlet<T>) Objects.requireNonNull(funnel, "funnel").outlet());
    }

    Delivery(Outlet<T> outlet) {
        this.outlet = outlet;
    }

    /**
     * Hands an item to the subscriber. What it throws cancels the subscription.
     *
     * @param item the item
     */
    protected abstract void next(T item);

    /**
     * Tells the subscriber of the end.
     *
     * @param failure why it ended, or null if everything has completed
     */
    protected abstract void end(@Nullable Throwable failure);

    /**
     * Reports what the subscriber threw.
     *
     * @param failure what it threw
     */
    protected abstract void dropped(Throwable failure);

    /** Begins to deliver. To be called once, after the subscriber has its subscription. */
    public final void start() {
        outlet.add(this);
        if (over) {
            outlet.remove(this); // cancelled before it began
        }
        deliver(1);
    }

    /**
     * Whether it takes part no more.
     *
     * @return true once it is cancelled or has ended
     */
    protected final boolean isOver() {
        return over;
    }

    /**
     * The demand that has not been met.
     *
     * @return so many items
     */
    protected final long requested() {
        return requested.get();
    }

    @Override
    public final void request(long n) {
        if (n <= 0) {
            badRequest = Demand.refusal(n);
        } else {
            requested.accumulateAndGet(n, Demand::plus);
        }
        wake();
    }

    @Override
    public void cancel() {
        leave();
    }

    private void leave() {
        over = true;
        outlet.remove(this);
    }

    /** Looks for work; true if somebody else is at it and will. */
    final boolean wake() {
        if (work.getAndIncrement() != 0) {
            return true;
        }
        deliver(1);
        return false;
    }

    private void deliver(int seen) {
        int count = seen;
        while (count != 0) {
            turn();
            count = work.addAndGet(-count);
        }
    }

    private void turn() {
        long demand = requested.get();
        long delivered = 0;
        while (!over) {
            IllegalArgumentException bad = badRequest;
            if (bad != null) {
                cancel();
                finish(bad);
                return;
            }
            // The end is read first: it is set after the last item.
            Outlet.End end = outlet.end();
            T item = delivered == demand ? null : outlet.poll();
            if (item == null) {
                if (end != null && outlet.isEmpty()) {
                    finish(end.failure());
                }
                break;
            }
            delivered++;
            try {
                next(item);
            } catch (Throwable thrown) { // rule 2.13: such a subscriber counts as cancelled
                cancel();
                dropped(thrown);
            }
            outlet.polled();
            if (delivered == demand) {
                demand = requested.get();
            }
        }
        if (delivered != 0 && demand != Demand.UNLIMITED) {
            requested.accumulateAndGet(delivered, Demand::minus);
        }
    }

    private void finish(@Nullable Throwable failure) {
        leave();
        try {
            end(failure);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }
}
