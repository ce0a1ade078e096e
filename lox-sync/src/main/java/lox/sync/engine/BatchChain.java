package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The batches of one Scatter, oldest first.
 *
 * <pre>
 *   front                          open
 *     |                              |
 *     v                              v
 *   Batch (sealed) --next--&gt; … --&gt; Batch (open)
 *     ^                              ^
 *     lanes claim                    producers fill
 * </pre>
 *
 * Both ends only move forward, by compare-and-set, and whoever finds one that lags moves it on. A batch in which nothing is left
 * to claim is let go: its results belong to whoever gathered them.
 */
final class BatchChain {
    private static final VarHandle OPEN;
    private static final VarHandle FRONT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OPEN = lookup.findVarHandle(BatchChain.class, "open", Batch.class);
            FRONT = lookup.findVarHandle(BatchChain.class, "front", Batch.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Batch open;
    private volatile Batch front;

    BatchChain(Batch first) {
        open = first;
        front = first;
    }

    /** The batch that takes scatters, unless it has just been sealed. */
    Batch open() {
        return open;
    }

    /** Makes way for the batch after one that is sealed. */
    void moveOn(Batch sealed) {
        OPEN.compareAndSet(this, sealed, sealed.next());
    }

    /** The oldest batch in which there may be something to claim. */
    Batch front() {
        for (; ; ) {
            Batch batch = front;
            Batch after = batch.isOver() ? batch.nextIfAny() : null;
            if (after == null) {
                return batch;
            }
            FRONT.compareAndSet(this, batch, after);
        }
    }

    /** Whether a lane would find something to claim. */
    boolean hasUnclaimed() {
        return front().hasUnclaimed();
    }
}
