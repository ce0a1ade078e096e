package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's stream of results: gives it what is ready, in the order of {@link #poll}, as far as it has requested, one
 * thread at a time, and one end.
 *
 * <pre>
 *              enter                    poll, onNext
 *   IDLE ----------------&gt; DRAINING ------------------+
 *     ^                    |  ^  ^                    |
 *     +--------------------+  |  +--------------------+
 *       nobody came meanwhile |
 *                             +--- somebody came meanwhile, and left
 *   DRAINING ---cancelled, failed, exhausted---&gt; OVER
 * </pre>
 *
 * <p>Whoever changes something that {@code poll} and the questions about the end look at calls {@link #drain()} <em>afterwards</em>:
 * who makes a result ready, who learns that no more will come, who fails it. One of them does the work, the others only leave a
 * note (the word {@code entries}), after which the worker looks again. So the subscriber is never called by two threads at a
 * time, and what has become ready is never left lying. Nobody waits.
 *
 * @param <R> the type of the results
 */
public abstract class Emission<R> implements Flow.Subscription {
    private static final VarHandle ENTRIES;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ENTRIES = lookup.findVarHandle(Emission.class, "entries", int.class);
            REQUESTED = lookup.findVarHandle(Emission.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Flow.Subscriber<? super R> subscriber;

    @SuppressWarnings("unused") // through ENTRIES
    private volatile int entries;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable illegalRequest;
    private volatile boolean over;

    /**
     * Makes one for a subscriber, whose {@code onSubscribe} is called by the subclass.
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
     * Tells whether all results have been taken, and no more will come. Asked with and without demand.
     *
     * @return true if {@link #poll} will never give anything again
     */
    protected abstract boolean isExhausted();

    /**
     * The failure that does not wait for the results before it.
     *
     * @return the failure, or null
     */
    protected abstract @Nullable Throwable failedAtOnce();

    /**
     * What it ends with after the last result.
     *
     * @return the failure, or null for completion
     */
    protected abstract @Nullable Throwable failureAtEnd();

    /** Called after a drain, when another thread may be draining again: the place to call what may take long. */
    protected void drained() {}

    /** Called between two rounds of a drain that others keep busy. */
    protected void draining() {}

    /**
     * The subscriber does not want any more. Called in its thread, before or after {@link #over}; more than once if it cancels in
     * several threads at once, or has thrown: only the first call may have an effect.
     */
    protected abstract void cancelling();

    /**
     * The subscriber has had its last signal, or wants none. Called once, before that signal.
     *
     * @param delivered the failure the subscriber is about to receive, or null
     */
    protected abstract void over(@Nullable Throwable delivered);

    /**
     * The subscriber has cancelled in the instant in which it was to receive this. Called after {@link #over}.
     *
     * @param failure what {@link #failedAtOnce} or {@link #failureAtEnd} has given
     */
    protected void undeliverable(Throwable failure) {}

    /**
     * The subscriber has thrown, which it must not. It gets no more.
     *
     * @param thrown what it threw
     */
    protected abstract void threw(Throwable thrown);

    // ---- the subscription ------------------------------------------------------------------------------------------

    @Override
    public final void request(long n) {
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
            // Looked at before: who drains might see the cancel first, and be over, and nobody would call cancelling().
            boolean late = over;
            cancelled = true; // several may come at once: cancelling() does nothing the second time
            if (!late) {
                cancelling();
            }
            drain();
        }
    }

    /**
     * Tells whether the subscriber has cancelled.
     *
     * @return true from then on
     */
    public final boolean isCancelled() {
        return cancelled;
    }

    /**
     * Tells whether the last signal has been sent, or is on its way, or will never be.
     *
     * @return true from then on
     */
    public final boolean isOver() {
        return over;
    }

    /**
     * What has been requested and not given.
     *
     * @return a snapshot; {@link Long#MAX_VALUE} for all
     */
    public final long requested() {
        return requested;
    }

    // ---- the drain -------------------------------------------------------------------------------------------------

    /** Gives the subscriber what there is to give, unless another thread is at it: then that one will. */
    public final void drain() {
        if ((int) ENTRIES.getAndAdd(this, 1) != 0) {
            return;
        }
        int seen = 1;
        for (; ; ) {
            give();
            seen = (int) ENTRIES.getAndAdd(this, -seen) - seen;
            if (seen == 0) {
                break;
            }
            draining();
        }
        drained();
    }

    private void give() {
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
