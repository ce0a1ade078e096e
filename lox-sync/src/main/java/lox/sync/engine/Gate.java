package lox.sync.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/**
 * Holds scatters back while too many wait. One permit a slot that may still be filled; a slot gives its permit back when it is
 * started or dropped.
 *
 * <p>A task that scatters to its own Workers is let through whatever the count: it would wait for the very place it occupies.
 */
final class Gate extends Semaphore {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final int limit;

    Gate(String name, int limit) {
        super(limit);
        this.name = name;
        this.limit = limit;
    }

    /** Takes a permit whatever the count. */
    void reenter() {
        reducePermits(1);
    }

    void enter(boolean exempt, Dialect dialect) {
        if (tryAcquire()) {
            return;
        }
        if (exempt) {
            reenter();
            return;
        }
        if (!dialect.mayBlock()) {
            throw new IllegalStateException("the queue limit of \"" + name + "\" is reached (" + limit
                    + " scatters wait) and thread " + Thread.currentThread().getName() + " must not block");
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
