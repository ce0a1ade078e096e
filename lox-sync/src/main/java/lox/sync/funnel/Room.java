package lox.sync.funnel;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Room for so many pending jobs, and the putters that wait for it. Nobody holds its lock while users' code runs. */
final class Room {
    private final int limit;
    private final AtomicInteger taken = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile int waiting; // written under the lock

    Room(int limit) {
        this.limit = limit;
    }

    boolean tryTake() {
        for (int now = taken.get(); now < limit; now = taken.get()) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Takes it whether or not there is any. */
    void take() {
        taken.incrementAndGet();
    }

    boolean isExceeded() {
        return taken.get() > limit;
    }

    boolean isFull() {
        return taken.get() >= limit;
    }

    /** Gives it back; {@link #wake} has to follow. */
    void giveBack() {
        taken.decrementAndGet();
    }

    // A waiter counts itself, then looks; whoever changes something changes it, then looks for waiters.
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void await(BooleanSupplier orElse, String what) {
        try {
            lock.lockInterruptibly();
            waiting++;
            try {
                ForkJoinPool.managedBlock(new ForkJoinPool.ManagedBlocker() {
                    @Override
                    public boolean block() throws InterruptedException {
                        while (!isReleasable()) {
                            changed.await();
                        }
                        return true;
                    }

                    @Override
                    public boolean isReleasable() {
                        return !isFull() || orElse.getAsBoolean();
                    }
                });
            } finally {
                waiting--;
                lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("interrupted while waiting for room for " + what);
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    void wake() {
        if (waiting > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public String toString() {
        return "pendingLimit " + limit;
    }
}
