package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import lox.sync.internal.stack.StackReach;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/*
 * The synchronizer under each lock: counts the holders and admits requests first come, first served. Its state is one
 * word:
 *
 *      63                          32 31                           0
 *     +------------------------------+------------------------------+
 *     | requests waiting             | holders, in the paths' units |
 *     +------------------------------+------------------------------+
 *
 *                             enter                    nobody waits and the path admits: one compare-and-set
 *     (0 waiting, h inside) ---------> (0 waiting, h + weight inside)
 *                             leave                    one compare-and-set
 *     (w waiting, h inside) ---------> (w waiting, h - weight inside)       then, if w > 0: drain
 *                             enqueue                  else: one compare-and-set
 *     (w waiting, h inside) ---------> (w + 1 waiting, h inside)            then: inbox, drain
 *                             admit, by the drainer only, for the first in the queue if its path admits
 *     (w waiting, h inside) ---------> (w - 1 waiting, h + weight inside)
 *                             remove, by the drainer only, for a request that was withdrawn
 *     (w waiting, h inside) ---------> (w - 1 waiting, h inside)
 *
 * While w > 0 only the drainer admits. So no request is overtaken, and what the drainer sees as free stays free until
 * it grants it. Entering and queueing are decided on the same word, so no release is missed.
 *
 * The drainer is the thread that has raised wip ("work in progress") from 0. The queue belongs to it alone. A thread
 * that wants something done puts a message into the inbox and increments wip; if wip was not 0, the drainer does the
 * work and the caller returns. No thread ever waits for another here, so a release on an event loop is never held up.
 *
 * The drainer commits all grants, then wakes blocked threads, then sets wip to 0, and only then runs callbacks.
 */
class FairSync {
    /** Returned by a path instead of the count inside: the path does not admit. */
    static final int CLOSED = -1;

    private static final long WAITER = 1L << 32;
    /**
     * After so many rounds the drainer hands the callbacks of what it has done to another thread, and goes on draining.
     */
    private static final int ROUNDS_BEFORE_HANDOVER = 64;

    private static final VarHandle STATE;
    private static final VarHandle WIP;
    private static final VarHandle INBOX;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(FairSync.class, "state", long.class);
            WIP = lookup.findVarHandle(FairSync.class, "wip", int.class);
            INBOX = lookup.findVarHandle(FairSync.class, "inbox", QueuedRequest.Message.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final PermitTracker tracker;

    private volatile long state;

    /** Calls of {@link #drain} that have not been answered; 0 if no thread drains. */
    @SuppressWarnings("UnusedVariable") // through WIP
    private volatile int wip;

    /** The latest message; the drainer takes all at once. */
    private volatile QueuedRequest.@Nullable Message inbox;

    private final RequestQueue queue = new RequestQueue();

    private final Runnable drain = new Drain();

    FairSync(int inside) {
        this(inside, PermitTracker.create());
    }

    FairSync(int inside, PermitTracker tracker) {
        this.state = inside;
        this.tracker = tracker;
    }

    /** Counts a holder out and drains if requests wait. Does so, or throws and has changed nothing. */
    final void leave(int weight) {
        leave(weight, null);
    }

    final void leave(int weight, @Nullable DeferredActions preparedEarlier) {
        DeferredActions prepared = preparedEarlier;
        while (true) {
            long seen = state;
            boolean drains = waiting(seen) != 0;
            if (drains && prepared == null) {
                prepared = prepareToDrain();
            }
            if (STATE.compareAndSet(this, seen, seen - weight)) {
                if (drains && prepared != null) {
                    drain(prepared);
                }
                return;
            }
            Backoff.shortPause();
        }
    }

    /**
     * Grants the request, or puts it at the end of the queue.
     *
     * @param prepared by {@link #prepareToDrain()}
     */
    final void enqueue(QueuedRequest request, DeferredActions prepared) {
        request.beginToWait();
        while (true) {
            long seen = state;
            int then = waiting(seen) == 0 ? request.withOneMore(inside(seen)) : CLOSED;
            if (then == CLOSED) {
                if (STATE.compareAndSet(this, seen, seen + WAITER)) {
                    break;
                }
            } else if (STATE.compareAndSet(this, seen, (long) then)) {
                request.grantUnseen();
                return;
            }
        }
        send(request.arrival);
        drain(prepared);
    }

    /** Takes a request that is no longer waiting out of the queue. */
    final void withdraw(QueuedRequest request, DeferredActions prepared) {
        send(request.withdrawal);
        drain(prepared);
    }

    private void send(QueuedRequest.Message message) {
        QueuedRequest.Message latest;
        do {
            latest = inbox;
            message.next = latest;
        } while (!INBOX.compareAndSet(this, latest, message));
    }

    /**
     * Checks the stack and allocates what {@link #drain} needs. To be called before a change that drain has to follow.
     *
     * @throws StackOverflowError if the stack is nearly used up
     */
    final DeferredActions prepareToDrain() {
        StackReach.check();
        return new DeferredActions();
    }

    /** As {@link #drain}, for a change that cannot be undone: without stack or memory here, another thread drains. */
    final void drainHereOrElsewhere() {
        DeferredActions prepared;
        try {
            prepared = prepareToDrain();
        } catch (StackOverflowError | OutOfMemoryError noRoom) {
            Timer.elsewhere(drain);
            return;
        }
        drain(prepared);
    }

    /** Processes the inbox and the queue, or leaves both to the thread that is doing so. */
    final void drain(DeferredActions prepared) {
        if ((int) WIP.getAndAdd(this, 1) != 0) {
            return;
        }
        DeferredActions deferred = prepared;
        int rounds = 0;
        int calls = 1;
        do {
            readInbox();
            prepare(deferred);
            admit(deferred);
            prepare(deferred);
            queue.publishLength();
            deferred.wake();
            if (++rounds % ROUNDS_BEFORE_HANDOVER == 0) {
                deferred = deferred.handedOver();
            }
            calls = (int) WIP.getAndAdd(this, -calls) - calls;
        } while (calls != 0);
        deferred.run();
    }

    /** Called by the drainer before and after it admits, for a subclass that has to do something first. */
    void prepare(DeferredActions deferred) {}

    private void readInbox() {
        QueuedRequest.Message latest = (QueuedRequest.Message) INBOX.getAndSet(this, (QueuedRequest.Message) null);
        QueuedRequest.Message earliest = null;
        while (latest != null) {
            QueuedRequest.Message before = latest.next;
            latest.next = earliest;
            earliest = latest;
            latest = before;
        }
        while (earliest != null) {
            read(earliest.request);
            QueuedRequest.Message after = earliest.next;
            earliest.next = null;
            earliest = after;
        }
    }

    private void read(QueuedRequest request) {
        if (request.linked) {
            queue.unlink(request); // its second message: it has been withdrawn
            add(-WAITER);
        } else if (!request.unlinked) {
            queue.link(request);
        }
    }

    private void admit(DeferredActions deferred) {
        for (QueuedRequest first = queue.first(); first != null; first = queue.first()) {
            if (!countIn(first)) {
                return;
            }
            queue.unlink(first);
            if (first.grant(deferred)) {
                deferred.ended(first);
            }
        }
    }

    /** Counts the first in the queue in, if its path admits: one waiting less and one inside more. */
    private boolean countIn(QueuedRequest first) {
        while (true) {
            long seen = state;
            int inside = inside(seen);
            int then = first.withOneMore(inside);
            if (then == CLOSED) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, seen - WAITER - inside + then)) {
                return true;
            }
        }
    }

    /** Called by the drainer: removes the first request from the queue without granting it. */
    final @Nullable QueuedRequest dismissFirst() {
        QueuedRequest first = queue.first();
        if (first != null) {
            queue.unlink(first);
            add(-WAITER);
        }
        return first;
    }

    /** Called by the drainer. */
    final boolean queueIsEmpty() {
        return queue.first() == null;
    }

    final void add(long difference) {
        STATE.getAndAdd(this, difference);
    }

    final boolean compareAndSet(long expected, long next) {
        return STATE.compareAndSet(this, expected, next);
    }

    final long state() {
        return state;
    }

    static int waiting(long state) {
        return (int) (state >>> 32);
    }

    static int inside(long state) {
        return (int) state;
    }

    /** For any thread: the first request, as it was a moment ago. */
    @Nullable
    QueuedRequest firstQueued() {
        return queue.first();
    }

    /** For any thread: how many requests are queued. */
    final int queueLength() {
        return queue.length();
    }

    final Duration longestWait() {
        QueuedRequest first = queue.first();
        return first == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - first.since));
    }

    /** Drains in another thread. A class and not a lambda, which would be linked where there is no stack for it. */
    private final class Drain implements Runnable {
        @Override
        public void run() {
            drain(new DeferredActions());
        }
    }
}
