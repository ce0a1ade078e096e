package lox.sync.hot;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Threads that wait until something is so.
 *
 * <p>A waiter first stands in the line and then looks; who changes something first changes it and then looks into the line. So
 * one of the two sees the other, and no wake-up is lost. Who wakes takes no lock and never waits.
 */
final class Waiters {
    /** So long that nobody sees the end of it. */
    static final long FOREVER = Long.MAX_VALUE;

    private final ConcurrentLinkedQueue<Thread> line = new ConcurrentLinkedQueue<>();

    /**
     * Waits. In a {@link ForkJoinPool} another worker stands in for the thread.
     *
     * @param ready is asked before the first wait, and after every wake-up
     * @param deadline by {@link System#nanoTime()}, or {@link #FOREVER}
     * @return whether it was ready at last
     */
    boolean await(BooleanSupplier ready, long deadline) throws InterruptedException {
        Wait wait = new Wait(ready, deadline);
        line.add(wait.thread);
        try {
            ForkJoinPool.managedBlock(wait);
        } finally {
            line.remove(wait.thread);
        }
        return wait.isReady;
    }

    void wakeFirst() {
        Thread first = line.peek();
        if (first != null) {
            LockSupport.unpark(first);
        }
    }

    void wakeAll() {
        if (!line.isEmpty()) {
            line.forEach(LockSupport::unpark);
        }
    }

    boolean isEmpty() {
        return line.isEmpty();
    }

    int count() {
        return line.size();
    }

    private final class Wait implements ForkJoinPool.ManagedBlocker {
        final Thread thread = Thread.currentThread();
        private final BooleanSupplier ready;
        private final long deadline;
        boolean isReady;

        Wait(BooleanSupplier ready, long deadline) {
            this.ready = ready;
            this.deadline = deadline;
        }

        @Override
        public boolean isReleasable() {
            if (!isReady) {
                isReady = ready.getAsBoolean();
            }
            return isReady || remaining() <= 0;
        }

        private long remaining() {
            return deadline == FOREVER ? FOREVER : deadline - System.nanoTime();
        }

        @Override
        public boolean block() throws InterruptedException {
            while (!isReleasable()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (deadline == FOREVER) {
                    LockSupport.park(Waiters.this);
                } else {
                    LockSupport.parkNanos(Waiters.this, remaining());
                }
            }
            return true;
        }
    }
}
