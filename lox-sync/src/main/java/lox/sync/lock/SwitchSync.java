package lox.sync.lock;

import java.util.Objects;
import lox.sync.spi.StageFailure;
import org.jspecify.annotations.Nullable;

/*
 * The synchronizer of a LightSwitch over its underlying lock. The state inside is the number of holders, and whether
 * the switch is on, which means that it holds the underlying lock:
 *
 *                 first in, underlying lock free (TRYING while it asks)
 *     EMPTY --------------------------------------------------------> LIT, n holders ---+
 *       |  ^                                                             ^     |        | in, out
 *       |  |  all requests withdrawn, or the underlying lock failed      |     +--------+
 *       |  +-----------------------------+                               |     |
 *       |                                |                               |     | last out: EMPTY first,
 *       +-------> ACQUIRING -------------+-------------------------------+     | then the underlying lock is released
 *        a request     the underlying            granted                       v
 *        waits         lock is requested                                     EMPTY
 *
 * LIT and TRYING are bits of the state, beside the count of holders, so that entering a switch that is on, and being
 * the last to leave, are one compare-and-set each. ACQUIRING is an UnderlyingRequest of the drainer; it belongs to the
 * switch and not to any one holder. The underlying lock is only called while this thread does not drain.
 */
final class SwitchSync extends FairSync {
    private static final int LIT = 1 << 30;
    private static final int TRYING = 1 << 29;

    private final Acquirable<?> underlying;
    /** Holds the permit of the underlying lock: written before LIT is set, read while a holder is inside. */
    private @Nullable UnderlyingRelease release;
    /** Used by the drainer. */
    private @Nullable UnderlyingRequest attempt;

    SwitchSync(Acquirable<?> underlying) {
        super(0);
        this.underlying = Objects.requireNonNull(underlying, "underlying");
    }

    Acquirable<?> underlying() {
        return underlying;
    }

    static boolean isLit(int inside) {
        return (inside & LIT) != 0;
    }

    static int entrants(long state) {
        return inside(state) & (TRYING - 1);
    }

    /** Changes EMPTY to TRYING, if no request waits. */
    boolean beginToTry() {
        return compareAndSet(0, TRYING);
    }

    void tryFailed(DeferredActions prepared) {
        leave(TRYING, prepared);
    }

    void switchOnForOne(UnderlyingRelease permit, DeferredActions prepared) {
        release = permit;
        leave(TRYING - LIT - 1, prepared);
    }

    /** Counts one holder out; the last one releases the underlying lock. Then drains if requests wait. */
    void leaveOne() {
        DeferredActions prepared = null;
        while (true) {
            long seen = state();
            boolean last = entrants(seen) == 1;
            if (prepared == null && (last || waiting(seen) != 0)) {
                prepared = prepareToDrain();
            }
            UnderlyingRelease held = release;
            if (compareAndSet(seen, last ? seen - 1 - LIT : seen - 1)) {
                try {
                    if (last && held != null) {
                        held.runHereOrElsewhere();
                    }
                } finally {
                    if (prepared != null && waiting(state()) != 0) {
                        drain(prepared);
                    }
                }
                return;
            }
        }
    }

    /** Called by the drainer: as {@link #leaveOne}, with the release deferred. */
    void takeOneBack(DeferredActions deferred) {
        while (true) {
            long seen = state();
            boolean last = entrants(seen) == 1;
            UnderlyingRelease held = release;
            if (compareAndSet(seen, last ? seen - 1 - LIT : seen - 1)) {
                if (last && held != null) {
                    deferred.defer(held);
                }
                return;
            }
        }
    }

    @Override
    void prepare(DeferredActions deferred) {
        UnderlyingRequest running = attempt;
        if (running == null) {
            if (!queueIsEmpty() && inside(state()) == 0) {
                begin(deferred);
            }
        } else if (queueIsEmpty()) {
            attempt = null;
            deferred.defer(running.abandonment);
        } else if (running.granted) {
            attempt = null;
            release = running.release;
            add(LIT);
        } else if (running.failure != null) {
            attempt = null;
            failAll(running.failure, deferred);
        }
    }

    private void begin(DeferredActions deferred) {
        UnderlyingRequest begun;
        try {
            begun = new UnderlyingRequest();
        } catch (OutOfMemoryError noMemory) {
            failAll(noMemory, deferred);
            return;
        }
        attempt = begun;
        deferred.defer(begun);
    }

    private void failAll(Throwable failure, DeferredActions deferred) {
        for (QueuedRequest first = dismissFirst(); first != null; first = dismissFirst()) {
            if (first.fail(failure)) {
                deferred.ended(first);
            }
        }
    }

    /** Releases the underlying lock. */
    static final class UnderlyingRelease extends UnderlyingCall {
        @Nullable
        Permit permit;

        @Override
        public void run() {
            Permit held = permit;
            if (held != null) {
                held.close();
            }
        }
    }

    /** One request of the switch to the underlying lock. */
    private final class UnderlyingRequest extends UnderlyingCall {
        final UnderlyingRelease release = new UnderlyingRelease();
        final UnderlyingCall abandonment = new UnderlyingCall() {
            @Override
            public void run() {
                abandon();
            }
        };

        private volatile @Nullable PermitRequest<?> request;
        private volatile boolean abandoned;
        volatile boolean granted;
        volatile @Nullable Throwable failure;

        @Override
        void tryHere() {
            PermitRequest<?> made;
            try {
                made = underlying.request();
            } catch (StackOverflowError | OutOfMemoryError noRoom) {
                throw noRoom;
            } catch (Throwable refused) {
                ended(null, refused);
                return;
            }
            listenTo(made);
        }

        /** In another thread, which has enough stack: a failure there fails the request. */
        @Override
        public void run() {
            if (abandoned) { // on its way here: the lock below would be held for a moment, for nobody
                return;
            }
            PermitRequest<?> made;
            try {
                made = underlying.request();
            } catch (Throwable refused) {
                ended(null, refused);
                return;
            }
            listenTo(made);
        }

        private void listenTo(PermitRequest<?> made) {
            try {
                request = made;
                made.stage().whenComplete(this::ended);
            } catch (Throwable refused) { // the request was made, and cannot report its end
                ended(null, refused);
                abandonment.runHereOrElsewhere();
                return;
            }
            if (abandoned) {
                abandonment.runHereOrElsewhere();
            }
        }

        private void ended(@Nullable Permit permit, @Nullable Throwable thrown) {
            if (permit != null) {
                release.permit = permit;
                granted = true;
            } else {
                failure = thrown == null ? null : StageFailure.of(thrown);
            }
            drainHereOrElsewhere();
        }

        /** Withdraws the request, or releases what it was granted: no request of the switch waits any more. */
        private void abandon() {
            abandoned = true;
            PermitRequest<?> made = request;
            if (made != null) {
                made.close();
            }
        }
    }
}
