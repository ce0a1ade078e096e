package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import lox.sync.engine.Demand;
import org.jspecify.annotations.Nullable;

/**
 * A Flow subscription: delivers what is requested, one signal at a time, in the thread that puts or requests.
 *
 * <pre>
 *            work()              work()
 *     IDLE ----------&gt; RUNNING ----------&gt; MISSED
 *    |  ^               ^ |  ^                |
 *    |  +--- all done --|-+  +--- look again -+
 *    |                  |
 *    | a walker comes   | a walker that had been deposed comes back
 *    v                  |
 *   SHARED -------------+          any of them --cancel, end, failure--&gt; ENDED
 * </pre>
 *
 * <p>The thread that leads from IDLE to RUNNING delivers; only it touches the subscriber and the inbox until it leads back to
 * IDLE. Others leave MISSED behind, or find it there, and go: what they have appended or requested before is seen when the one
 * who delivers looks again.
 *
 * <p>In SHARED, which only a {@link SharedOutlet} knows, the walker of the {@link Rounds} delivers.
 */
sealed class PushOutlet<T> extends Outlet<T> implements Flow.Subscription permits SharedOutlet {
    static final int IDLE = 0;
    static final int RUNNING = 1;
    private static final int MISSED = 2;
    static final int SHARED = 3;
    static final int ENDED = 4;

    /** Stands for the demand of a subscriber that has requested less than one. */
    private static final long REFUSED = Long.MIN_VALUE / 2;

    private static final VarHandle STATE;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(PushOutlet.class, "state", int.class);
            REQUESTED = lookup.findVarHandle(PushOutlet.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Flow.Subscriber<? super T> subscriber;
    private final Signals<T> signals;
    private final Waiters putters = new Waiters();
    /** Whether a put may have to wait for this. */
    private final boolean blocks;

    private volatile int state = RUNNING; // until onSubscribe has returned
    private volatile long requested;
    private volatile long refused;
    /** Who delivers, if a put may have to wait. Read by others too, who only ask whether it is themselves. */
    private @Nullable Thread server;

    PushOutlet(Broadcast<T> broadcast, Inbox inbox, Flow.Subscriber<? super T> subscriber) {
        super(broadcast, inbox);
        this.subscriber = subscriber;
        this.signals = new Signals<>(subscriber, broadcast);
        this.blocks = inbox instanceof BoundedInbox bounded && bounded.blocks();
    }

    /** The first signal, and whatever has come together until then. */
    final void start() {
        serve();
        try {
            subscriber.onSubscribe(this);
        } catch (Throwable thrown) {
            fault(thrown);
            return;
        }
        inbox.intake(this);
        deliver();
    }

    @Override
    public final void request(long n) {
        if (n <= 0) {
            refused = n;
            requested = REFUSED;
            work();
            return;
        }
        while (true) {
            long before = requested;
            if (before == Demand.UNLIMITED || before < 0) {
                return;
            }
            if (REQUESTED.compareAndSet(this, before, Demand.plus(before, n))) {
                work();
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
        leave();
        inbox.clear(); // who delivers, if somebody does, clears it again
        wakePutters();
    }

    @Override
    boolean arrived() {
        inbox.intake(this);
        work();
        return true;
    }

    private void work() {
        while (true) {
            int seen = state;
            if (seen == IDLE) {
                if (STATE.compareAndSet(this, IDLE, RUNNING)) {
                    serve();
                    deliver();
                    return;
                }
            } else if (seen == SHARED) {
                walkAll();
                return;
            } else if (seen != RUNNING || STATE.compareAndSet(this, RUNNING, MISSED)) {
                return;
            }
        }
    }

    private void serve() {
        if (blocks) {
            server = Thread.currentThread();
        }
    }

    final void deliver() {
        do {
            drain();
        } while (!goIdle());
    }

    /** Delivers what there is and may be delivered. To be called by the only one who delivers. */
    final void drain() {
        long demand = requested;
        if (demand < 0) {
            end(Mark.failed(Demand.refusal(refused)));
            return;
        }
        long delivered = 0;
        while (state != ENDED) {
            Object next = delivered == demand ? inbox.end() : inbox.poll();
            if (next == null) {
                break;
            }
            if (next instanceof Mark mark) {
                end(mark);
                return;
            }
            delivered++;
            try {
                subscriber.onNext(typed(next));
            } catch (Throwable thrown) {
                fault(thrown);
                return;
            }
        }
        if (delivered != 0) {
            if (demand != Demand.UNLIMITED) {
                met(delivered);
            }
            if (blocks) {
                wakePutters();
            }
        }
    }

    private void met(long delivered) {
        for (long before = requested;
                before != Demand.UNLIMITED
                        && !REQUESTED.compareAndSet(this, before, Demand.minus(before, delivered)); ) {
            before = requested; // a request came in between; perhaps for everything, and then nothing is taken off
        }
    }

    /** Returns false if there is more to do. */
    private boolean goIdle() {
        if (blocks) {
            server = null;
        }
        if (STATE.compareAndSet(this, RUNNING, IDLE)) {
            return true;
        }
        serve();
        if (STATE.compareAndSet(this, MISSED, RUNNING)) {
            return false;
        }
        release(); // it has ended; perhaps by another thread, while this one polled
        return true;
    }

    final int state() {
        return state;
    }

    /** Returns false if another was quicker. */
    final boolean turn(int from, int to) {
        return STATE.compareAndSet(this, from, to);
    }

    final boolean wantsEverything() {
        return requested == Demand.UNLIMITED;
    }

    private void end(Mark mark) {
        int before = (int) STATE.getAndSet(this, ENDED);
        release();
        if (before != ENDED) {
            signals.end(mark);
        }
    }

    /** The subscriber threw, which it must not: it counts as cancelled, and others go on. */
    final void fault(Throwable thrown) {
        state = ENDED;
        release();
        signals.faulted(thrown);
    }

    final void release() {
        leave();
        inbox.clear();
        server = null;
        wakePutters();
    }

    @Override
    final void discard(Object item) {
        signals.discarded(typed(item));
    }

    @Override
    final boolean isServedByThisThread() {
        return server == Thread.currentThread();
    }

    @Override
    final Waiters putters() {
        return putters;
    }
}
