package lox.sync.internal.time;

import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time wait for a condition. Reusable; any thread may {@link #wake} the waiting one.
 *
 * <p><b>Invariant.</b> The waiting thread first publishes itself and then reads the condition; a waking thread first
 * changes the condition and then reads which thread waits. There is a full fence between the two steps of each, so no
 * wake-up is lost.
 */
public final class WaitingThread {
    private volatile @Nullable Thread thread;

    /** Creates an instance in which no thread waits. */
    public WaitingThread() {}

    /**
     * Waits until a condition holds. A {@link ForkJoinPool} compensates with another worker.
     *
     * @param condition asked by the waiting thread, before the first wait and after each wake-up
     * @param meanwhile does some work instead of waiting, and returns for how many nanoseconds to wait afterwards
     *     before it is called again; null if there is none
     * @throws InterruptedException if the thread is interrupted before the condition holds
     */
    public void await(BooleanSupplier condition, @Nullable LongSupplier meanwhile) throws InterruptedException {
        thread = Thread.currentThread();
        VarHandle.fullFence();
        try {
            new Wait(this, condition, meanwhile, Wait.FOREVER).await();
        } finally {
            thread = null;
        }
    }

    /** Wakes the waiting thread, if there is one, to check its condition again. */
    public void wake() {
        VarHandle.fullFence();
        LockSupport.unpark(thread);
    }

    /**
     * Whether a thread waits.
     *
     * @return a snapshot
     */
    public boolean isWaiting() {
        return thread != null;
    }
}
