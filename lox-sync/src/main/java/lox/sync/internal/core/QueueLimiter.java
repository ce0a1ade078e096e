package lox.sync.internal.core;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import lox.sync.internal.pool.QueueLimit;
import lox.sync.spi.Dialect;

/**
 * The queue limit of one function: makes scatters wait while too many arguments are queued. Without a limit it does
 * nothing.
 *
 * <p>There is one permit per slot that may still be filled. A slot returns its permit when it is started or dropped.
 *
 * <p>A task that scatters to its own Workers is always admitted: otherwise it would wait for the worker that it
 * occupies.
 */
public final class QueueLimiter extends Semaphore {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final QueueLimit limit;
    private final boolean limited;

    QueueLimiter(String name, QueueLimit limit) {
        super(limit.most());
        this.name = name;
        this.limit = limit;
        this.limited = !limit.isNone();
    }

    /** Whether there is a limit. */
    public boolean isLimited() {
        return limited;
    }

    /** Returns the permit of a slot that has been started or dropped. */
    public void leave() {
        if (limited) {
            release();
        }
    }

    /** Takes a permit without waiting, for example for a slot that was started and is put back. */
    public void reenter() {
        if (limited) {
            reducePermits(1);
        }
    }

    /**
     * Waits until one more scatter is admitted.
     *
     * @param exempt whether the caller is admitted without waiting
     * @throws java.util.concurrent.RejectedExecutionException if the caller would have to wait and must not
     * @throws CancellationException if the caller is interrupted
     */
    void enter(boolean exempt, Dialect dialect) {
        if (!limited || tryAcquire()) {
            return;
        }
        if (exempt) {
            reenter();
            return;
        }
        if (!dialect.mayBlock()) {
            throw limit.refusal()
                    .apply("the queue limit of \"" + name + "\" is reached (" + limit.most()
                            + " scatters wait) and thread "
                            + Thread.currentThread().getName() + " must not block");
        }
        try {
            acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException(
                    "interrupted while waiting to scatter to \"" + name + "\"; nothing was scattered");
            cancelled.initCause(e);
            throw cancelled;
        }
    }
}
