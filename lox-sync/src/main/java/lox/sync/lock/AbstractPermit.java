package lox.sync.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.lock.PermitTracker.TrackedPermit;
import org.jspecify.annotations.Nullable;

/*
 * The part that all permits share: a permit ends once, and can be tracked.
 *
 * A permit is allocated before it is counted in, so that a lack of memory is met before anything has changed. After its
 * one compare-and-set on the state of the FairSync, and when that fails, close() only writes fields, which needs no
 * stack.
 */
abstract class AbstractPermit implements Permit {
    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(AbstractPermit.class, "ended", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through ENDED
    private volatile boolean ended;

    /** Null if permits are not tracked. */
    private final @Nullable TrackedPermit tracked;

    AbstractPermit(PermitTracker tracker, String lock, @Nullable Throwable acquiredHere) {
        this.tracked = acquiredHere == null ? null : tracker.track(this, lock, acquiredHere);
    }

    /**
     * Releases what this permit stands for. Does so, or throws a {@link StackOverflowError} or an {@link
     * OutOfMemoryError} and has changed nothing; any other exception is thrown afterwards.
     */
    abstract void release();

    /** As {@link #release()}, for a permit that another permit replaces in part. */
    void releaseInPart() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final void close() {
        end(false);
    }

    /** Returns true to the one caller that ended this permit. */
    final boolean end(boolean inPart) {
        if (!ENDED.compareAndSet(this, false, true)) {
            return false;
        }
        try {
            if (inPart) {
                releaseInPart();
            } else {
                release();
            }
        } catch (StackOverflowError | OutOfMemoryError nothingDone) {
            ended = false;
            throw nothingDone;
        }
        TrackedPermit known = tracked;
        if (known != null) {
            known.closed = true;
            try {
                known.forget();
            } catch (StackOverflowError later) {
                return true; // as in forget()
            }
        }
        return true;
    }

    /** Marks the permit as held, if permits are tracked. */
    final void granted() {
        TrackedPermit known = tracked;
        if (known != null) {
            known.grant();
        }
    }

    /** The tracker's record of this permit; null if permits are not tracked. */
    final @Nullable TrackedPermit tracked() {
        return tracked;
    }

    /** Marks the permit as never granted: it need not be closed. */
    final void unused() {
        TrackedPermit known = tracked;
        if (known != null) {
            known.closed = true;
            known.forget();
        }
    }
}
