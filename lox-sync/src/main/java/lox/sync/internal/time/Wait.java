package lox.sync.internal.time;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The blocking wait of one thread for a condition: the only one of the library that a {@link ForkJoinPool} is told of,
 * so that it compensates with another worker. The thread parks; the thread that changes the condition has to unpark it.
 */
final class Wait implements ForkJoinPool.ManagedBlocker {
    /** The deadline of a wait without one. */
    static final long FOREVER = Long.MAX_VALUE;

    private final Object blocker;
    private final BooleanSupplier condition;
    private final @Nullable LongSupplier meanwhile;
    private final long deadline;
    private boolean isMet;

    /**
     * Creates a wait of the calling thread.
     *
     * @param blocker shown in thread dumps
     * @param condition asked before the first wait and after each wake-up; not asked again once it has held
     * @param meanwhile does some work instead, and returns for how many nanoseconds to park afterwards; or null
     * @param deadline by {@link System#nanoTime()}, or {@link #FOREVER}
     */
    Wait(Object blocker, BooleanSupplier condition, @Nullable LongSupplier meanwhile, long deadline) {
        this.blocker = blocker;
        this.condition = condition;
        this.meanwhile = meanwhile;
        this.deadline = deadline;
    }

    /**
     * Waits.
     *
     * @return false if the deadline has passed and the condition does not hold
     * @throws InterruptedException if the thread is interrupted before the condition holds
     */
    boolean await() throws InterruptedException {
        ForkJoinPool.managedBlock(this);
        return isMet;
    }

    @Override
    public boolean isReleasable() {
        if (!isMet) {
            isMet = condition.getAsBoolean();
        }
        return isMet || remaining() <= 0;
    }

    @Override
    public boolean block() throws InterruptedException {
        while (!isReleasable()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long nanos = meanwhile == null ? remaining() : Math.min(meanwhile.getAsLong(), remaining());
            if (nanos == FOREVER) {
                LockSupport.park(blocker);
            } else {
                LockSupport.parkNanos(blocker, nanos);
            }
        }
        return true;
    }

    private long remaining() {
        return deadline == FOREVER ? FOREVER : deadline - System.nanoTime();
    }
}
