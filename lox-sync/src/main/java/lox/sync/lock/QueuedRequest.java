package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/*
 * A request as its FairSync sees it: its place in the queue, what the drainer decides about it, and the listeners to
 * its end.
 *
 * Listeners form a stack. The stack is closed when they are notified; a listener that comes later finds it closed and
 * knows that the request has ended.
 */
abstract class QueuedRequest {
    private static final Listener CLOSED = new Listener(null, null);

    private static final VarHandle LISTENERS;

    static {
        try {
            LISTENERS = MethodHandles.lookup().findVarHandle(QueuedRequest.class, "listeners", Listener.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Used by the drainer, see RequestQueue and DeferredActions.
    @Nullable
    QueuedRequest previous;

    volatile @Nullable QueuedRequest next;

    boolean linked;
    boolean unlinked;

    /** When the request began to wait. */
    long since;

    final Message arrival = new Message(this);

    /** Allocated early, so that a withdrawal needs no memory. */
    final Message withdrawal = new Message(this);

    /** The thread in acquire(), which alone knows this request; null for a request that any thread may listen to. */
    final @Nullable Thread thread;

    private volatile @Nullable Listener listeners;

    QueuedRequest(@Nullable Thread thread) {
        this.thread = thread;
    }

    /** Makes a request wait that no other thread has seen yet. */
    abstract void beginToWait();

    /**
     * Returns the count inside with this request admitted, or {@link FairSync#CLOSED}; see {@link
     * AcquirePath#withOneMore}.
     */
    abstract int withOneMore(int inside);

    /** Grants a request that has been counted in and that no other thread has seen yet. */
    abstract void grantUnseen();

    /** Called by the drainer, which has counted this request in: grants it, or takes the count back if it has ended. */
    abstract boolean grant(DeferredActions deferred);

    /** Called by the drainer, which has removed this request from the queue: fails it unless it has ended. */
    abstract boolean fail(Throwable cause);

    abstract boolean isWaiting();

    /** Describes a request that waits, for a report. */
    abstract LockReport.Entry entry(long now);

    /** Wakes the threads that wait for the end of this request. */
    final void wake() {
        wake(thread);
        for (Listener each = listeners; each != null; each = each.next) {
            wake(each.thread);
        }
    }

    /** The scheduler of a virtual thread may refuse or lack memory; the other threads are woken all the same. */
    private static void wake(@Nullable Thread thread) {
        try {
            LockSupport.unpark(thread);
        } catch (Throwable failure) {
            Uncaught.report(failure);
        }
    }

    /** Closes the stack of listeners and adds their callbacks, in the order in which they were registered. */
    void close(Callbacks callbacks) {
        Listener newest = (Listener) LISTENERS.getAndSet(this, CLOSED);
        Listener oldest = null;
        while (newest != null && newest != CLOSED) {
            Listener before = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = before;
        }
        while (oldest != null) {
            Listener after = oldest.next;
            wake(oldest.thread);
            if (oldest.callback != null) {
                callbacks.add(oldest);
            }
            oldest = after;
        }
    }

    /** Returns false if the stack of listeners has been closed. */
    final boolean listen(Listener listener) {
        while (true) {
            Listener newest = listeners;
            if (newest == CLOSED) {
                return false;
            }
            listener.next = newest;
            if (LISTENERS.compareAndSet(this, newest, listener)) {
                return true;
            }
        }
    }

    /** The thread in acquire(), or the one that called await() last. */
    final @Nullable Thread waitingThread() {
        Thread waiting = thread;
        for (Listener each = listeners; waiting == null && each != null; each = each.next) {
            waiting = each.thread;
        }
        return waiting;
    }

    /** Tells the drainer that a request has come, or, the second time, that it has been withdrawn. */
    static final class Message {
        final QueuedRequest request;

        @Nullable
        Message next;

        Message(QueuedRequest request) {
            this.request = request;
        }
    }
}
