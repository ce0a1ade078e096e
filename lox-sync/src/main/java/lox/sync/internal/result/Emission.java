package lox.sync.internal.result;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import lox.sync.spi.Demand;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's stream of results. Emits what is ready, in the order of {@link #poll}, as far as requested, one
 * thread at a time, and then one terminal signal.
 *
 * <pre>
 *              enter                    poll, onNext
 *   IDLE ----------------&gt; DRAINING ------------------+
 *     ^                    |  ^  ^                    |
 *     +--------------------+  |  +--------------------+
 *       no entry meanwhile    |
 *                             +--- other threads entered meanwhile
 *   DRAINING ---cancelled, failed, exhausted---&gt; OVER
 * </pre>
 *
 * <p>A thread that changes something that {@code poll} or the terminal checks read calls {@link #drain()}
 * <em>afterwards</em>: a thread that makes a result ready, learns that no more will come, or fails the stream. One of
 * these threads drains. The others only increment the counter {@code wip}, after which the draining thread looks
 * again. So the subscriber is never called by two threads at a time, and no ready result is missed. No thread waits.
 *
 * @param <R> the type of the results
 */
public abstract class Emission<R> implements Flow.Subscription {
    private static final VarHandle WIP;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WIP = lookup.findVarHandle(Emission.class, "wip", int.class);
            REQUESTED = lookup.findVarHandle(Emission.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Flow.Subscriber<? super R> subscriber;

    @SuppressWarnings("unused") // through WIP
    private volatile int wip;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable illegalRequest;
    private volatile boolean over;

    /**
     * Creates the emission of a subscriber, whose {@code onSubscribe} is called by the subclass.
     *
     * @param subscriber receives the results
     */
    protected Emission(Flow.Subscriber<? super R> subscriber) {
        this.subscriber = subscriber;
    }

    // ---- what a subclass knows; asked by the thread that drains, except cancelling ----------------------------------

    /**
     * Takes the next result.
     *
     * @return the result, or null if it is not ready
     */
    protected abstract @Nullable R poll();

    /**
     * Whether all results have been taken, and no more will come. Called with and without demand.
     *
     * @return true if {@link #poll} will never return a result again
     */
    protected abstract boolean isExhausted();

    /**
     * The failure that does not wait for the results before it.
     *
     * @return the failure, or null
     */
    protected abstract @Nullable Throwable failedAtOnce();

    /**
     * The failure to signal after the last result.
     *
     * @return the failure, or null for completion
     */
    protected abstract @Nullable Throwable failureAtEnd();

    /** Called after a drain, when another thread may be draining again: the place for calls that may take long. */
    protected void drained() {}

    /** Called between two rounds of a drain that other threads prolong. */
    protected void draining() {}

    /**
     * Called when the subscriber cancels, on its thread, before or after {@link #over}. Called more than once if it
     * cancels on several threads at once, or has thrown: only the first call may have an effect.
     */
    protected abstract void cancelling();

    /**
     * Called once when the stream terminates, before the last signal, or without a signal if the subscriber wants none.
     *
     * @param delivered the failure the subscriber is about to receive, or null
     */
    protected abstract void over(@Nullable Throwable delivered);

    /**
     * Called after {@link #over} if the subscriber cancelled at the moment it was to receive a failure.
     *
     * @param failure the failure returned by {@link #failedAtOnce} or {@link #failureAtEnd}
     */
    protected void undeliverable(Throwable failure) {}

    /**
     * Called when the subscriber has thrown, which it must not. It receives no more signals.
     *
     * @param thrown the exception it threw
     */
    protected abstract void threw(Throwable thrown);

    // ---- the subscription ------------------------------------------------------------------------------------------

    @Override
    public final void request(long n) {
        if ((int) WIP.getOpaque(this) == 0) { // else another thread, or this one later, drains
            StackProbe.check();
        }
        if (n <= 0) {
            illegalRequest = Demand.refusal(n);
        } else {
            long before;
            long after;
            do {
                before = requested;
                after = Demand.plus(before, n);
            } while (!REQUESTED.compareAndSet(this, before, after));
        }
        drain();
    }

    @Override
    public final void cancel() {
        if (!cancelled) {
            StackProbe.check();
            // Read before: the draining thread might see the cancel first and terminate, and nothing would call
            // cancelling().
            boolean late = over;
            cancelled = true; // several threads may cancel at once: the second cancelling() has no effect
            if (!late) {
                cancelling();
            }
            drain();
        }
    }

    /**
     * Whether the subscriber has cancelled.
     *
     * @return true from then on
     */
    public final boolean isCancelled() {
        return cancelled;
    }

    /**
     * Whether the last signal has been sent, is being sent, or will never be.
     *
     * @return true from then on
     */
    public final boolean isOver() {
        return over;
    }

    /**
     * The demand not yet fulfilled.
     *
     * @return a snapshot; {@link Long#MAX_VALUE} if unbounded
     */
    public final long requested() {
        return requested;
    }

    // ---- the drain -------------------------------------------------------------------------------------------------

    /** Emits what is ready. If another thread is draining, that thread emits it instead. */
    public final void drain() {
        if ((int) WIP.getAndAdd(this, 1) == 0) {
            drainLoop();
            leave();
        }
    }

    /** Ends the draining, once all has been done that other threads have asked for meanwhile. */
    private void leave() {
        int seen = (int) WIP.getAndAdd(this, -1) - 1;
        while (seen != 0) {
            draining();
            drainLoop();
            seen = (int) WIP.getAndAdd(this, -seen) - seen;
        }
        drained();
    }

    /**
     * Emits a result that {@link #poll} does not know of, if it is wanted now and no other thread drains. Called while
     * {@code poll} has nothing to return.
     *
     * @param result not null
     * @return whether it has been emitted
     */
    protected final boolean emitDirectly(R result) {
        if (requested == 0 || wip != 0 || !WIP.compareAndSet(this, 0, 1)) {
            return false;
        }
        long demand = requested;
        boolean wanted = demand != 0 && !over && !cancelled && illegalRequest == null && failedAtOnce() == null;
        if (wanted) {
            emitted();
            try {
                subscriber.onNext(result);
            } catch (Throwable thrown) {
                broken(thrown);
            }
            if (demand != Long.MAX_VALUE) {
                REQUESTED.getAndAdd(this, -1L);
            }
        } else {
            drainLoop();
        }
        leave();
        return wanted;
    }

    /** Called before a result is {@linkplain #emitDirectly emitted directly}, by the thread that drains. */
    protected void emitted() {}

    private void drainLoop() {
        long given = 0;
        long demand = requested;
        while (!over) {
            Throwable failure = illegalRequest != null ? illegalRequest : failedAtOnce();
            if (cancelled || failure != null) {
                end(failure);
                break;
            }
            R next = given < demand ? poll() : null;
            if (next == null) {
                if (isExhausted()) {
                    end(failureAtEnd());
                    break;
                }
                if (given < demand || demand == requested) {
                    break;
                }
                demand = requested;
            } else {
                given++;
                try {
                    subscriber.onNext(next);
                } catch (Throwable thrown) {
                    broken(thrown);
                }
            }
        }
        if (given > 0 && demand != Long.MAX_VALUE) {
            REQUESTED.getAndAdd(this, -given);
        }
    }

    private void end(@Nullable Throwable failure) {
        over = true;
        if (cancelled) {
            over(null);
            if (failure != null && failure != illegalRequest) {
                undeliverable(failure);
            }
            return;
        }
        over(failure);
        try {
            if (failure != null) {
                subscriber.onError(failure);
            } else {
                subscriber.onComplete();
            }
        } catch (Throwable thrown) {
            threw(thrown);
        }
    }

    private void broken(Throwable thrown) {
        over = true;
        cancelling();
        over(null);
        threw(thrown);
    }
}
