package lox.progress;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for which a thread with other locks waits a tenth of a second at most. After such a wait was in vain, no
 * further thread waits until the lock has been released: many lines of one stack trace cost one wait.
 */
final class BoundedLock {
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean isStuck; // a hint: whether the last wait was in vain

    /** Waits as long as it takes. For lox's own threads, which hold no locks of the program. */
    void lock() {
        lock.lock();
    }

    /** Waits for a short time, also in an interrupted thread, which stays interrupted. */
    boolean tryLock() {
        if (lock.tryLock()) {
            return true;
        }
        if (isStuck) {
            return false;
        }
        boolean isInterrupted = false;
        try {
            long end = System.nanoTime() + LONGEST_NANOS;
            while (true) {
                try {
                    boolean isLocked = lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    isStuck = !isLocked;
                    return isLocked;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Does not wait. */
    boolean tryLockAtOnce() {
        return lock.tryLock();
    }

    boolean isHeldByThisThread() {
        return lock.isHeldByCurrentThread();
    }

    void unlock() {
        isStuck = false;
        lock.unlock();
    }
}
