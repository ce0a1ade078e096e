package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.internal.time.SpinWait;
import org.jspecify.annotations.Nullable;

/**
 * Records which batch a lane's thread is working for, so that ending a batch interrupts only the threads that run its
 * tasks. A canceller may interrupt the thread only while it holds the field.
 *
 * <pre>
 *             enter(b)             canceller of b
 *     null -------------&gt; b ---------------------------&gt; INTERRUPTING
 *      ^                  | ^                                 |
 *      +------------------+ +---------------------------------+
 *            leave()           canceller, after the interrupt
 * </pre>
 *
 * The lane cannot leave while it is being interrupted, and it clears the interrupt flag after it has left. No interrupt
 * therefore reaches a task of another batch, or later work of the thread. A lane that has entered a batch checks before
 * every task whether the batch has ended; a canceller ends the batch before it looks for lanes. At least one of them
 * sees the other.
 */
public final class InterruptGuard {
    private static final Object INTERRUPTING = "interrupting";
    private static final VarHandle BATCH;

    static {
        try {
            BATCH = MethodHandles.lookup().findVarHandle(InterruptGuard.class, "batch", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Object batch;
    private volatile boolean interrupted;
    private @Nullable Thread thread; // written before the lane can be found, and before the first enter

    void begin() {
        thread = Thread.currentThread();
    }

    /** The thread that the lane is in, or was in last. */
    @Nullable
    Thread thread() {
        return thread;
    }

    /**
     * Re-enters a batch that the lane has just left. Before the lane checks whether the batch has ended, it must change
     * the state of a slot by compare-and-set, which replaces the full fence omitted here.
     */
    void enterAgain(Batch same) {
        BATCH.setRelease(this, same);
    }

    /** Enters a batch that the lane is about to work for. */
    public void enter(Batch next) {
        if (batch != next) {
            leave();
            batch = next;
        }
    }

    /** Leaves the batch, and clears the interrupt flag if a canceller has interrupted the lane for that batch. */
    public void leave() {
        Object now = batch;
        while (now != null && (now == INTERRUPTING || !BATCH.compareAndSet(this, now, (Object) null))) {
            SpinWait.pause(); // for as long as it takes to set a flag
            now = batch;
        }
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
    }

    /** The batch the lane is in, or null. */
    @Nullable
    public Batch batch() {
        return batch instanceof Batch occupied ? occupied : null;
    }

    /** Whether a canceller has interrupted the task that the lane is in. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** Interrupts the lane's thread if the lane is in this batch. A thread does not interrupt itself. */
    void interrupt(Batch ended) {
        if (batch == ended && BATCH.compareAndSet(this, (Object) ended, INTERRUPTING)) {
            Thread occupant = thread; // stays while the field is held
            try {
                if (occupant != null && occupant != Thread.currentThread()) {
                    interrupted = true;
                    occupant.interrupt(); // may be overridden, and throw
                }
            } finally {
                batch = ended;
            }
        }
    }
}
