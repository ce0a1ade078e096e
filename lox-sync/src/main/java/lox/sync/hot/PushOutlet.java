package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A Flow subscription: delivers what is requested, one signal at a time, in the thread that puts or requests.
 *
 * <pre>
 *          work()              work()
 *   IDLE ----------&gt; RUNNING ----------&gt; MISSED
 *     ^                 |  ^                |
 *     +--- all done ----+  +--- look again -+
 *
 *   any of them --cancel, end, failure--&gt; ENDED
 *   any of them --bad request--&gt; REFUSED --by who delivers--&gt; ENDED
 * </pre>
 *
 * <p>The thread that leads from IDLE to RUNNING delivers; only it touches the subscriber and the inbox until it leads back to
 * IDLE. Others leave MISSED behind, or find it there, and go: what they have appended or requested before is seen when the one
 * who delivers looks again.
 */
final class PushOutlet<T> extends Outlet<T> implements Flow.Subscription {
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int MISSED = 2;
    private static final int REFUSED = 3;
    private static final int ENDED = 4;

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

    private final Flow.Subscriber<? super T> subscriber;
    private final Waiters putters = new Waiters();
    /** Whether a put may have to wait for this. */
    private final boolean blocks;

    private volatile int state = RUNNING; // until onSubscribe has returned
    private volatile long requested;
    private long refused; // published by REFUSED
    /** Who delivers, if a put may have to wait. Read by others too, who only ask whether it is themselves. */
    private @Nullable Thread server;

    PushOutlet(Broadcast<T> broadcast, Inbox inbox, Flow.Subscriber<? super T> subscriber) {
        super(broadcast, inbox);
        this.subscriber = subscriber;
        this.blocks = inbox instanceof BoundedInbox bounded && bounded.blocks();
    }

    /** The first signal, and whatever has come together until then. */
    void start() {
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
    public void request(long n) {
        if (n <= 0) {
            refuse(n);
            return;
        }
        while (true) {
            long before = requested;
            long after = before + n < 0 ? Long.MAX_VALUE : before + n;
            if (before == after || REQUESTED.compareAndSet(this, before, after)) {
                break;
            }
        }
        work();
    }

    private void refuse(long n) {
        int seen = state;
        while (seen < REFUSED) {
            refused = n;
            if (STATE.compareAndSet(this, seen, REFUSED)) {
                if (seen == IDLE) {
                    depart();
                }
                return;
            }
            seen = state;
        }
    }

    @Override
    public void cancel() {
        int before = (int) STATE.getAndSet(this, ENDED);
        if (before == ENDED) {
            return;
        }
        leave();
        inbox.clear(); // who delivers, if somebody does, clears it again
        wakePutters();
    }

    @Override
    void arrived() {
        inbox.intake(this);
        work();
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

    private void deliver() {
        while (true) {
            long demand = requested;
            long delivered = 0;
            while (state < REFUSED) {
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
                if (demand != Long.MAX_VALUE) {
                    REQUESTED.getAndAdd(this, -delivered);
                }
                if (blocks) {
                    wakePutters();
                }
            }
            if (blocks) {
                server = null;
            }
            if (STATE.compareAndSet(this, RUNNING, IDLE)) {
                return;
            }
            serve();
            if (!STATE.compareAndSet(this, MISSED, RUNNING)) {
                depart();
                return;
            }
        }
    }

    /** The last thing that the one who delivers does, when somebody has ended the subscription. */
    private void depart() {
        release();
        if ((int) STATE.getAndSet(this, ENDED) == REFUSED) {
            signal(Mark.failed(new IllegalArgumentException(
                    "a subscriber has to request at least 1 (Reactive Streams, rule 3.9), but requested " + refused)));
        }
    }

    private void end(Mark mark) {
        int before = (int) STATE.getAndSet(this, ENDED);
        release();
        if (before != ENDED) {
            signal(mark);
        }
    }

    private void signal(Mark mark) {
        try {
            Throwable failure = mark.failure();
            if (failure == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(failure);
            }
        } catch (Throwable thrown) {
            report(thrown);
        }
    }

    /** The subscriber threw, which it must not: it counts as cancelled, and others go on. */
    private void fault(Throwable thrown) {
        state = ENDED;
        release();
        report(thrown);
    }

    private void report(Throwable thrown) {
        if (subscriber instanceof Receiver<?> receiver) {
            try {
                receiver.faulted(thrown);
            } catch (Throwable ofTheHook) {
                if (ofTheHook != thrown) {
                    ofTheHook.addSuppressed(thrown);
                }
                drop(ofTheHook);
            }
        } else {
            drop(thrown);
        }
    }

    private void release() {
        leave();
        inbox.clear();
        server = null;
        wakePutters();
    }

    @Override
    @SuppressWarnings("unchecked") // a receiver of T takes what is put here
    void discard(Object item) {
        if (subscriber instanceof Receiver<?> receiver) {
            try {
                ((Receiver<Object>) receiver).discarded(item);
            } catch (Throwable thrown) {
                drop(thrown);
            }
        }
    }

    @Override
    boolean isServedByThisThread() {
        return server == Thread.currentThread();
    }

    @Override
    Waiters putters() {
        return putters;
    }
}
