package lox.sync.internal.funnel;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.spi.Demand;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to a {@link ReadyQueue}, with a drain loop for its one subscriber.
 *
 * <p>A thread that has work for the subscriber increments {@code wip}. The thread that finds it at zero drains until
 * no other thread has incremented it meanwhile. So signals never overlap, no thread waits, and a subscriber that
 * requests or puts from inside {@code onNext} only increments.
 *
 * <pre>
 *                 start            drain                nothing missed
 *   NEW (wip 1) ─────> IDLE (0) ─────────> DRAINING (n) ──────────────> IDLE
 *                                              │ cancelled, ended, a rule broken
 *                                              └──────────────────────────────> DONE
 * </pre>
 *
 * @param <T> the type of the items
 */
public abstract class ReadySubscription<T> implements Flow.Subscription, ReadyQueue.Subscriber {
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger wip = new AtomicInteger(1); // start() decrements it
    private final ReadyQueue<T> ready;
    private volatile boolean done;
    private volatile @Nullable IllegalArgumentException illegalRequest;

    /**
     * Makes a subscription. The subscriber has to receive it before {@link #start} is called.
     *
     * @param engine the join whose jobs it delivers
     */
    protected ReadySubscription(JoinEngine<?, T> engine) {
        this(engine.readyQueue());
    }

    ReadySubscription(ReadyQueue<T> ready) {
        this.ready = ready;
    }

    /**
     * Delivers an item to the subscriber. An exception cancels the subscription.
     *
     * @param item the item
     */
    protected abstract void next(T item);

    /**
     * Signals the end to the subscriber.
     *
     * @param failure the failure; null for completion
     */
    protected abstract void end(@Nullable Throwable failure);

    /**
     * Reports an exception of the subscriber.
     *
     * @param failure what it has thrown
     */
    protected abstract void dropped(Throwable failure);

    /** Begins to deliver. Called once, after the subscriber has received its subscription. */
    public final void start() {
        ready.add(this);
        if (done) {
            ready.remove(this); // cancelled before it started
        }
        drainLoop(1);
    }

    /**
     * Tells whether the subscription is cancelled or has ended.
     *
     * @return true from then on
     */
    protected final boolean isOver() {
        return done;
    }

    /**
     * The demand that has not been met.
     *
     * @return a snapshot
     */
    protected final long requested() {
        return requested.get();
    }

    @Override
    public final void request(long n) {
        if (n <= 0) {
            illegalRequest = Demand.refusal(n);
        } else {
            requested.accumulateAndGet(n, Demand::plus);
        }
        drain();
    }

    @Override
    public void cancel() {
        unsubscribe();
    }

    private void unsubscribe() {
        done = true;
        ready.remove(this);
    }

    @Override
    public final void drain() {
        if (wip.getAndIncrement() == 0) {
            drainLoop(1);
        }
    }

    private void drainLoop(int seen) {
        int count = seen;
        while (count != 0) {
            drainOnce();
            count = wip.addAndGet(-count);
        }
    }

    private void drainOnce() {
        long demand = requested.get();
        long delivered = 0;
        while (!done) {
            IllegalArgumentException illegal = illegalRequest;
            if (illegal != null) {
                cancel();
                finish(illegal);
                return;
            }
            // The end is read first: it is set after the last item.
            ReadyQueue.End end = ready.end();
            T item = delivered == demand ? null : ready.poll();
            if (item == null) {
                if (end != null && ready.isEmpty()) {
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
            ready.delivered();
            if (delivered == demand) {
                demand = requested.get();
            }
        }
        if (delivered != 0 && demand != Demand.UNLIMITED) {
            requested.accumulateAndGet(delivered, Demand::minus);
        }
    }

    private void finish(@Nullable Throwable failure) {
        unsubscribe();
        try {
            end(failure);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }
}
