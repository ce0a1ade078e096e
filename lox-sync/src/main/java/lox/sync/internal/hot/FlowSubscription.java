package lox.sync.internal.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import lox.sync.internal.time.WaitingThreads;
import lox.sync.spi.Demand;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Flow.Subscription} of a broadcast. It delivers what has been requested, one signal at a time, on the
 * thread that puts or requests.
 *
 * <pre>
 *            drain()              drain()
 *     IDLE ----------&gt; RUNNING ----------&gt; MISSED
 *    |  ^               ^ |  ^                |
 *    |  +--- all done --|-+  +--- look again -+
 *    |                  |
 *    | the drain loop   | a drainer that had been superseded
 *    | comes            | returns
 *    v                  |
 *   SHARED -------------+          any of them --cancel, end, failure--&gt; ENDED
 * </pre>
 *
 * <p>The thread that changes IDLE to RUNNING delivers. Until it changes RUNNING back to IDLE, it alone touches the
 * subscriber and polls the queue. Other threads set MISSED, or find it set, and return: the delivering thread looks
 * again and sees what they have appended or requested.
 *
 * <p>In SHARED, a state of {@link SharedFlowSubscription} alone, the drainer of the {@link DrainLoop} delivers.
 */
class FlowSubscription<T> extends InnerSubscription<T> implements ItemSubscription {
    static final int IDLE = 0;
    static final int RUNNING = 1;
    private static final int MISSED = 2;
    static final int SHARED = 3;
    static final int ENDED = 4;

    /** The demand of a subscriber that has requested zero or less. */
    private static final long REFUSED = Long.MIN_VALUE / 2;

    private static final VarHandle STATE;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(FlowSubscription.class, "state", int.class);
            REQUESTED = lookup.findVarHandle(FlowSubscription.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Flow.Subscriber<? super T> subscriber;
    private final SubscriberCallbacks<T> signals;
    private final WaitingThreads waitingPutters = new WaitingThreads();
    /** Whether a put may have to wait for this subscriber. */
    private final boolean blocks;

    volatile int state = RUNNING; // until onSubscribe has returned
    private volatile long requested;
    private volatile long refused;
    /**
     * The thread that delivers, if a put may have to wait. Other threads read it only to compare it with themselves.
     */
    private @Nullable Thread drainer;

    FlowSubscription(Parent parent, ItemQueue queue, Flow.Subscriber<? super T> subscriber) {
        super(parent, queue);
        this.subscriber = subscriber;
        this.signals = new SubscriberCallbacks<>(subscriber, parent::drop);
        this.blocks = queue instanceof BoundedItemQueue bounded && bounded.blocks();
    }

    /** Sends {@code onSubscribe}, then what has been appended until it returned. */
    final void start() {
        noteDrainer();
        try {
            subscriber.onSubscribe(this);
        } catch (Throwable thrown) {
            fail(thrown);
            return;
        }
        queue.readLog(this);
        drainLoop();
    }

    @Override
    public final long requested() {
        return Math.max(0, requested);
    }

    @Override
    public final void request(long n) {
        if (n <= 0) {
            refused = n;
            requested = REFUSED;
            drain();
            return;
        }
        while (true) {
            long before = requested;
            if (before == Demand.UNLIMITED || before < 0) {
                return;
            }
            if (REQUESTED.compareAndSet(this, before, Demand.plus(before, n))) {
                drain();
                return;
            }
        }
    }

    @Override
    public final void cancel() {
        int before = (int) STATE.getAndSet(this, ENDED);
        if (before == ENDED) {
            return;
        }
        unsubscribe();
        queue.clear(); // a thread that delivers at this moment clears it again
        wakePutters();
    }

    @Override
    boolean appended() {
        queue.readLog(this);
        drain();
        return true;
    }

    private void drain() {
        while (true) {
            int seen = state;
            if (seen == IDLE) {
                if (STATE.compareAndSet(this, IDLE, RUNNING)) {
                    noteDrainer();
                    drainLoop();
                    return;
                }
            } else if (seen == SHARED) {
                drainAll();
                return;
            } else if (seen != RUNNING || STATE.compareAndSet(this, RUNNING, MISSED)) {
                return;
            }
        }
    }

    private void noteDrainer() {
        if (blocks) {
            drainer = Thread.currentThread();
        }
    }

    final void drainLoop() {
        do {
            emitAvailable();
        } while (!tryIdle());
    }

    /** Delivers what is ready and requested. Only the thread that delivers may call this. */
    final void emitAvailable() {
        long demand = requested;
        if (demand < 0) {
            end(Signal.failed(Demand.refusal(refused)));
            return;
        }
        long delivered = 0;
        while (state != ENDED) {
            Object next = delivered == demand ? queue.end() : queue.poll();
            if (next == null) {
                break;
            }
            if (next instanceof Signal signal) {
                end(signal);
                return;
            }
            delivered++;
            try {
                subscriber.onNext(typed(next));
            } catch (Throwable thrown) {
                fail(thrown);
                return;
            }
        }
        if (delivered != 0) {
            if (demand != Demand.UNLIMITED) {
                produced(delivered);
            }
            if (blocks) {
                wakePutters();
            }
        }
    }

    private void produced(long delivered) {
        for (long before = requested;
                before != Demand.UNLIMITED
                        && !REQUESTED.compareAndSet(this, before, Demand.minus(before, delivered)); ) {
            before = requested; // a concurrent request, perhaps without limit; then nothing is subtracted
        }
    }

    /** Returns false if there is more to do. */
    private boolean tryIdle() {
        if (blocks) {
            drainer = null;
        }
        if (STATE.compareAndSet(this, RUNNING, IDLE)) {
            return true;
        }
        noteDrainer();
        if (STATE.compareAndSet(this, MISSED, RUNNING)) {
            return false;
        }
        dispose(); // it has ended, perhaps on another thread while this one polled
        return true;
    }

    /** Returns false if another thread changed the state first. */
    final boolean compareAndSetState(int from, int to) {
        return STATE.compareAndSet(this, from, to);
    }

    final boolean isUnbounded() {
        return requested == Demand.UNLIMITED;
    }

    private void end(Signal signal) {
        int before = (int) STATE.getAndSet(this, ENDED);
        dispose();
        if (before != ENDED) {
            signals.end(signal);
        }
    }

    /** Treats a subscriber that has thrown as cancelled. The specification forbids it to throw. */
    final void fail(Throwable thrown) {
        state = ENDED;
        dispose();
        signals.faulted(thrown);
    }

    final void dispose() {
        unsubscribe();
        queue.clear();
        drainer = null;
        wakePutters();
    }

    @Override
    public final void discard(Object item) {
        signals.discarded(typed(item));
    }

    @Override
    final boolean isDrainedByThisThread() {
        return drainer == Thread.currentThread();
    }

    @Override
    final WaitingThreads waitingPutters() {
        return waitingPutters;
    }
}
