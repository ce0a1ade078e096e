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
 * <p>In SHARED only the walker of the {@link Rounds} delivers. That is for subscribers that have requested without limit, and so
 * have nothing to ask for between rounds.
 */
final class PushOutlet<T> extends Outlet<T> implements Flow.Subscription {
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int MISSED = 2;
    private static final int SHARED = 3;
    private static final int ENDED = 4;

    /** Stands for the demand of a subscriber that has requested less than one. */
    private static final long REFUSED = Long.MIN_VALUE / 2;

    private static final VarHandle STATE;
    private static final VarHandle ORPHANED;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(PushOutlet.class, "state", int.class);
            ORPHANED = lookup.findVarHandle(PushOutlet.class, "orphaned", long.class);
            REQUESTED = lookup.findVarHandle(PushOutlet.class, "requested", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Flow.Subscriber<? super T> subscriber;
    private final Waiters putters = new Waiters();
    /** Whether a put may have to wait for this. */
    private final boolean blocks;

    /** The inbox, if this may be shared. */
    private final @Nullable Cursor cursor;

    /** Among the outlets of the broadcast; 0 if it is never to be shared. */
    private final int number;

    private volatile int state = RUNNING; // until onSubscribe has returned
    private volatile long requested;
    private volatile long refused;
    /** The last round whose walker was deposed in here, and the last whose walker has come back. */
    private volatile long orphaned;

    private volatile long freed;
    /** Who delivers, if a put may have to wait. Read by others too, who only ask whether it is themselves. */
    private @Nullable Thread server;

    PushOutlet(Broadcast<T> broadcast, Inbox inbox, Flow.Subscriber<? super T> subscriber, int number) {
        super(broadcast, inbox);
        this.cursor = inbox instanceof Cursor unbounded ? unbounded : null;
        this.number = cursor == null ? 0 : number;
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
    boolean arrived() {
        inbox.intake(this);
        if (state != SHARED) {
            work();
            return true;
        }
        return orphaned != freed; // then the walker in here will look again when it comes back
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

    private void deliver() {
        do {
            drain();
        } while (!goIdle());
    }

    /** Delivers what there is and may be delivered. To be called by the only one who delivers. */
    private void drain() {
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

    int number() {
        return number;
    }

    /** For the walker: whether it is to deliver here. */
    boolean isShared() {
        return isOpenToWalkers()
                || (state == IDLE
                        && number != 0
                        && requested == Demand.UNLIMITED
                        && STATE.compareAndSet(this, IDLE, SHARED));
    }

    /** In this order: a walker that comes back first leaves SHARED and then is no orphan any more. */
    boolean isOpenToWalkers() {
        return orphaned == freed && state == SHARED;
    }

    /** For the walker, as long as it is in here: where it reads on. */
    @Nullable
    Node node() {
        return cursor == null ? null : cursor.node();
    }

    /**
     * For the walker, as long as it is in here: delivers an item, which the walker has read already.
     *
     * @param at the place of the item
     * @param behind the place behind it
     * @return false if this stands somewhere else, or something else is to be done
     */
    boolean deliverShared(Node at, Object item, Node behind) {
        if (state != SHARED || requested != Demand.UNLIMITED || cursor == null || !cursor.pass(at, behind)) {
            return false;
        }
        try {
            subscriber.onNext(typed(item));
        } catch (Throwable thrown) {
            fault(thrown);
            return true;
        }
        if (state == ENDED) {
            release();
        }
        return true;
    }

    /** For the walker, as long as it is in here. */
    void deliverShared() {
        drain();
        if (state == ENDED) {
            release();
        }
    }

    /** The last round whose walker was deposed in here. */
    long orphaned() {
        return orphaned;
    }

    /** The walker of this round is in here, and does not walk any more. To be called before another one walks. */
    void orphan(long lastNoted, long round) {
        ORPHANED.compareAndSet(this, lastNoted, round);
    }

    /** The walker of this round was deposed in here, and has come back from the subscriber. */
    void comeBack(long round) {
        STATE.compareAndSet(this, SHARED, RUNNING);
        freed = round;
        deliver();
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
