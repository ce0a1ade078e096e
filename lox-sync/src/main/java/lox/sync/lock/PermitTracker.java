package lox.sync.lock;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.internal.stack.StackReach;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one lock while they are tracked, in the order in which they were asked for. Finds holders for a
 * {@link LockReport} and logs permits that became garbage without having been closed.
 */
final class PermitTracker {
    private static final PermitTracker OFF = new PermitTracker();
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** A skip list and not a hash table, whose bins are guarded by mutexes. */
    private final ConcurrentNavigableMap<Long, TrackedPermit> permits = new ConcurrentSkipListMap<>();

    private PermitTracker() {}

    /** Makes the tracker of a new lock, as the system property says. */
    static PermitTracker create() {
        return Boolean.getBoolean("lox.lock.trackPermits") ? new PermitTracker() : OFF;
    }

    boolean isOn() {
        return this != OFF;
    }

    /**
     * The place of the caller, or null if permits are not tracked. Makes sure of the stack that recording the grant
     * needs.
     */
    @Nullable
    Throwable acquiredHere() {
        if (!isOn()) {
            return null;
        }
        StackReach.check();
        return new Throwable("acquired here");
    }

    /** Begins to track a permit, which is not held before it is {@linkplain TrackedPermit#grant() granted}. */
    TrackedPermit track(Permit permit, String lock, Throwable acquiredHere) {
        TrackedPermit tracked = new TrackedPermit(this, lock, acquiredHere);
        TrackedPermit.CLEANER.register(permit, tracked);
        permits.put(tracked.number, tracked);
        return tracked;
    }

    List<LockReport.Entry> holders() {
        long now = System.nanoTime();
        List<LockReport.Entry> holders = new ArrayList<>();
        for (TrackedPermit tracked : permits.values()) {
            if (tracked.isHeld()) {
                holders.add(tracked.entry(tracked.thread, now - tracked.since));
            }
        }
        return holders;
    }

    /**
     * What is known of one permit: which thread asked for it, where, and since when it is held. Must not refer to the
     * permit.
     */
    static final class TrackedPermit implements Runnable {
        private static final Cleaner CLEANER = Cleaner.create();
        private static final Logger LOGGER = System.getLogger("lox.sync.lock");

        private final PermitTracker tracker;
        private final long number = NUMBERS.getAndIncrement();
        private final String lock;
        private final Thread thread = Thread.currentThread();
        private final Throwable acquiredHere;
        /** Written before {@link #granted}. */
        private long since;

        private volatile boolean granted;
        /** The permit is closed, or was never granted. */
        volatile boolean closed;

        private TrackedPermit(PermitTracker tracker, String lock, Throwable acquiredHere) {
            this.tracker = tracker;
            this.lock = lock;
            this.acquiredHere = acquiredHere;
        }

        /** The permit has been granted: from now on it is held, unless it has been closed already. */
        void grant() {
            since = System.nanoTime();
            granted = true;
        }

        /** The permit is closed, or will not be granted: there is nothing more to tell of it. */
        void forget() {
            try {
                tracker.permits.remove(number);
            } catch (StackOverflowError | OutOfMemoryError later) {
                return; // it is closed all the same, and the cleaner takes it out
            }
        }

        private boolean isHeld() {
            return granted && !closed;
        }

        /** For a request that waits, maybe in another thread than the one that asked. */
        LockReport.Entry waiter(@Nullable Thread waiting, long nanos) {
            return entry(waiting == null ? thread : waiting, nanos);
        }

        private LockReport.Entry entry(Thread who, long nanos) {
            return LockReport.Entry.of(lock, who, nanos, acquiredHere.getStackTrace());
        }

        @Override
        public void run() {
            tracker.permits.remove(number);
            if (isHeld()) {
                LOGGER.log(
                        Level.WARNING,
                        "A permit of " + lock
                                + " was never closed and is garbage now; nobody can give it back any more.",
                        acquiredHere);
            }
        }
    }
}
