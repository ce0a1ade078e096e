package lox.sync.hot;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscription for threads that wait: a queue from which any number of them may take.
 *
 * <p>A put wakes the first of those who wait; who leaves the line while there is more wakes the next.
 *
 * @param <T> the type of the items
 */
public final class PullOutlet<T> extends Outlet<T> {
    private final Waiters takers = new Waiters();
    private final Waiters putters = new Waiters();
    private final AtomicLong discarded = new AtomicLong();
    private boolean closed; // as the inbox's taking side, guarded by this

    PullOutlet(Broadcast<T> broadcast, Inbox inbox) {
        super(broadcast, inbox);
    }

    @Override
    boolean arrived() {
        inbox.intake(this);
        if (!takers.isEmpty()) {
            wakeTakers();
        }
        return true;
    }

    private void wakeTakers() {
        if (isOver()) {
            takers.wakeAll();
        } else {
            takers.wakeFirst();
        }
    }

    /**
     * The next item, if there is one.
     *
     * @return null if nothing waits
     */
    public @Nullable T poll() {
        Object next;
        synchronized (this) {
            next = inbox.poll();
        }
        if (next == null || next instanceof Mark) {
            return null;
        }
        wakePutters();
        return typed(next);
    }

    /**
     * Waits for the next item.
     *
     * @param nanos at most so long; {@link Long#MAX_VALUE} is for ever
     * @return null if none came in time, or none will come
     * @throws InterruptedException if the thread is interrupted, before or while it waits; nothing has been taken
     */
    public @Nullable T take(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        T first = poll();
        if (first != null || nanos <= 0 || isOver()) {
            return first;
        }
        Taking taking = new Taking();
        try {
            takers.await(taking::isDone, nanos == Waiters.FOREVER ? nanos : System.nanoTime() + nanos);
        } finally {
            if (!takers.isEmpty() && hasNews()) {
                wakeTakers();
            }
        }
        return taking.item;
    }

    /** One thread's attempt. */
    private final class Taking {
        private @Nullable T item;

        boolean isDone() {
            item = poll();
            return item != null || isOver();
        }
    }

    private synchronized boolean hasNews() {
        return closed || inbox.end() != null || inbox.size() != 0;
    }

    /**
     * Whether nothing is left to take and nothing will come.
     *
     * @return true from then on
     */
    public synchronized boolean isOver() {
        return closed || inbox.end() != null;
    }

    /**
     * Whether this was closed, by its user and not by an end.
     *
     * @return true from then on
     */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * With what it ended.
     *
     * @return null as long as there is something to take, or something may come, or if there was no failure
     */
    public synchronized @Nullable Throwable failure() {
        Mark end = inbox.end();
        return end == null ? null : end.failure();
    }

    /**
     * How many items wait.
     *
     * @return a snapshot
     */
    public synchronized int size() {
        return inbox.size();
    }

    /**
     * How many items the policy has thrown away.
     *
     * @return a snapshot
     */
    public long discarded() {
        return discarded.get();
    }

    /** Lets everything go. Threads that wait are woken. */
    public void close() {
        synchronized (this) {
            closed = true;
            inbox.clear();
        }
        leave();
        takers.wakeAll();
        wakePutters();
    }

    /**
     * How many threads wait to take.
     *
     * @return a snapshot
     */
    public int waiting() {
        return takers.count();
    }

    @Override
    void discard(Object item) {
        discarded.incrementAndGet();
    }

    @Override
    boolean isServedByThisThread() {
        return false;
    }

    @Override
    Waiters putters() {
        return putters;
    }
}
