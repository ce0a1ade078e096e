package lox.sync.internal.hot;

import java.util.concurrent.atomic.AtomicLong;
import lox.sync.internal.time.WaitingThreads;
import org.jspecify.annotations.Nullable;

/**
 * A subscription for threads that block: a queue from which any number of threads may take.
 *
 * <p>A put wakes the thread that has waited longest. A thread that leaves wakes the next one if items are left.
 *
 * @param <T> the type of the items
 */
public final class BlockingSubscription<T> extends InnerSubscription<T> {
    private final WaitingThreads waitingTakers = new WaitingThreads();
    private final WaitingThreads waitingPutters = new WaitingThreads();
    private final AtomicLong discarded = new AtomicLong();
    private boolean closed; // guarded by this, as is polling the queue

    BlockingSubscription(Parent parent, ItemQueue queue) {
        super(parent, queue);
    }

    @Override
    boolean appended() {
        queue.readLog(this);
        if (!waitingTakers.isEmpty()) {
            wakeTakers();
        }
        return true;
    }

    private void wakeTakers() {
        if (isOver()) {
            waitingTakers.wakeAll();
        } else {
            waitingTakers.wakeFirst();
        }
    }

    /**
     * Takes the next item, if there is one.
     *
     * @return null if there is none
     */
    public @Nullable T poll() {
        Object next;
        synchronized (this) {
            next = queue.poll();
        }
        if (next == null || next instanceof Signal) {
            return null;
        }
        wakePutters();
        return typed(next);
    }

    /**
     * Takes the next item, and waits for it.
     *
     * @param nanos how long to wait at most; {@link Long#MAX_VALUE} for ever
     * @return null if none came in time, or if there will be none
     * @throws InterruptedException if the thread is interrupted, before or while it waits; it has taken nothing
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
            waitingTakers.await(taking::isDone, nanos == WaitingThreads.FOREVER ? nanos : System.nanoTime() + nanos);
        } finally {
            if (!waitingTakers.isEmpty() && hasMore()) {
                wakeTakers();
            }
        }
        return taking.item;
    }

    /** One thread's attempt to take an item. */
    private final class Taking {
        private @Nullable T item;

        boolean isDone() {
            item = poll();
            return item != null || isOver();
        }
    }

    private synchronized boolean hasMore() {
        return closed || queue.end() != null || queue.size() != 0;
    }

    /**
     * Tells whether there is nothing left to take, and nothing will come.
     *
     * @return true from then on
     */
    public synchronized boolean isOver() {
        return closed || queue.end() != null;
    }

    /**
     * Tells whether the user has closed this.
     *
     * @return true from then on
     */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * The failure of the broadcast, or that of this subscription whose buffer was full.
     *
     * @return null if neither has failed, or if items are left to take
     */
    public synchronized @Nullable Throwable failure() {
        Signal end = queue.end();
        return end == null ? null : end.failure();
    }

    /**
     * Tells whether this has failed because its buffer was full, not because the broadcast has failed.
     *
     * @return true from then on
     */
    public boolean hasOverflowed() {
        return queue instanceof BoundedItemQueue bounded && bounded.hasOverflowed();
    }

    /**
     * Counts the items that can be taken.
     *
     * @return a snapshot
     */
    public synchronized int size() {
        return queue.size();
    }

    /**
     * Counts the items that the policy has discarded.
     *
     * @return a snapshot
     */
    public long discarded() {
        return discarded.get();
    }

    /** Ends this subscription, drops its items and wakes the threads that wait. */
    public void close() {
        synchronized (this) {
            closed = true;
            queue.clear();
        }
        unsubscribe();
        waitingTakers.wakeAll();
        wakePutters();
    }

    /**
     * Counts the threads that wait to take.
     *
     * @return a snapshot
     */
    public int waiting() {
        return waitingTakers.count();
    }

    @Override
    public void discard(Object item) {
        discarded.incrementAndGet();
    }

    @Override
    boolean isDrainedByThisThread() {
        return false;
    }

    @Override
    WaitingThreads waitingPutters() {
        return waitingPutters;
    }
}
