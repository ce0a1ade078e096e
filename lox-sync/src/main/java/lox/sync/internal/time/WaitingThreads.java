package lox.sync.internal.time;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A FIFO queue of threads that wait, each until a condition holds.
 *
 * <p><b>Invariant.</b> A waiting thread first joins the queue and then checks its condition; a thread that changes
 * something first changes it and then reads the queue. So one of the two sees the other, and no wake-up is lost. A
 * waking thread takes no lock and never waits.
 *
 * <p>A wake-up is not passed on: the woken thread may be about to leave with what it was woken for before. A thread
 * that takes one of several things has to {@linkplain #wakeFirst wake the next one} if something is left.
 */
public final class WaitingThreads {
    /** The deadline of a wait without one. */
    public static final long FOREVER = Wait.FOREVER;

    private final ConcurrentLinkedQueue<Thread> queue = new ConcurrentLinkedQueue<>();

    /** Creates an empty queue. */
    public WaitingThreads() {}

    /**
     * Waits. A {@link ForkJoinPool} compensates with another worker.
     *
     * @param condition asked by the waiting thread, before the first wait and after each wake-up
     * @param deadline by {@link System#nanoTime()}, or {@link #FOREVER}
     * @return whether the condition holds
     * @throws InterruptedException if the thread is interrupted before the condition holds
     */
    public boolean await(BooleanSupplier condition, long deadline) throws InterruptedException {
        Thread thread = Thread.currentThread();
        queue.add(thread);
        try {
            return new Wait(this, condition, null, deadline).await();
        } finally {
            queue.remove(thread);
        }
    }

    /** Wakes the thread that has waited longest to check its condition again. */
    public void wakeFirst() {
        Thread first = queue.peek();
        if (first != null) {
            LockSupport.unpark(first);
        }
    }

    /** Wakes each thread to check its condition again. */
    public void wakeAll() {
        if (!queue.isEmpty()) {
            queue.forEach(LockSupport::unpark);
        }
    }

    /**
     * Whether no thread waits.
     *
     * @return a snapshot
     */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /**
     * The number of waiting threads.
     *
     * @return a snapshot
     */
    public int count() {
        return queue.size();
    }
}
