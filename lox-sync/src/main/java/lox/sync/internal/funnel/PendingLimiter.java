package lox.sync.internal.funnel;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import lox.sync.internal.time.WaitingThreads;

/** The limit of pending jobs, with the putters that wait for room. */
final class PendingLimiter {
    private final int limit;
    private final AtomicInteger acquired = new AtomicInteger();
    private final WaitingThreads waiting = new WaitingThreads();

    PendingLimiter(int limit) {
        this.limit = limit;
    }

    boolean tryAcquire() {
        for (int now = acquired.get(); now < limit; now = acquired.get()) {
            if (acquired.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Acquires room even beyond the limit. */
    void acquire() {
        acquired.incrementAndGet();
    }

    boolean isExceeded() {
        return acquired.get() > limit;
    }

    boolean isFull() {
        return acquired.get() >= limit;
    }

    /** Releases room; {@link #wakeAll} has to follow. */
    void release() {
        acquired.decrementAndGet();
    }

    /** Waits until there is room, or until another condition holds. */
    void await(BooleanSupplier orElse, String what) {
        try {
            waiting.await(() -> !isFull() || orElse.getAsBoolean(), WaitingThreads.FOREVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("interrupted while waiting for room for " + what);
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    void wakeAll() {
        waiting.wakeAll();
    }

    @Override
    public String toString() {
        return "pendingLimit " + limit;
    }
}
