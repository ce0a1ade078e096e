package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Says which batch a lane's thread is in, so that ending a batch interrupts whoever runs its tasks, and nobody else. The
 * canceller may interrupt only while it holds the field.
 *
 * <pre>
 *             enter(b)             canceller of b
 *     null -------------&gt; b ---------------------------&gt; INTERRUPTING
 *      ^                  | ^                                 |
 *      +------------------+ +---------------------------------+
 *            leave()           canceller, after the interrupt
 * </pre>
 *
 * The lane cannot leave while it is being interrupted, and clears the flag when it has left; so no interrupt reaches a task of
 * another batch, or whatever the thread does next. A lane that has entered a batch looks whether it has ended before every task;
 * a canceller ends the batch before it looks for lanes. One of them sees the other.
 */
final class Occupancy {
    private static final Object INTERRUPTING = "interrupting";
    private static final VarHandle BATCH;

    static {
        try {
            BATCH = MethodHandles.lookup().findVarHandle(Occupancy.class, "batch", Object.class);
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

    /**
     * The lane goes on with a batch it has just left. It has to change the state of a slot by compare-and-set before it looks whether the
     * batch has ended: that is the fence which is saved here.
     */
    void enterAgain(Batch same) {
        BATCH.setRelease(this, same);
    }

    /** The lane goes to work for a batch. */
    void enter(Batch next) {
        if (batch != next) {
            leave();
            batch = next;
        }
    }

    /** The lane has nothing more to do for its batch. If it was interrupted for it, that is over now. */
    void leave() {
        Object now = batch;
        while (now != null && (now == INTERRUPTING || !BATCH.compareAndSet(this, now, (Object) null))) {
            now = batch; // for as long as it takes to set a flag: no hint to the processor, which BlockHound takes
            // for blocking
        }
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
    }

    /** The batch the lane is in, or null. */
    @Nullable
    Batch batch() {
        return batch instanceof Batch occupied ? occupied : null;
    }

    /** Whether a canceller has interrupted the task that the lane is in. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** Interrupts the thread if it is in this batch. A thread does not interrupt itself. */
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
