package lox.sync.lock;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/*
 * The gate of a LightSwitch, and the lock below it. What is inside is a number of entrants, and whether the light is on:
 *
 *                 first in, lock below free (TRYING while it asks)
 *     EMPTY --------------------------------------------------------> LIT, n entrants --+
 *       |  ^                                                             ^     |        | in, out
 *       |  |  all who waited have withdrawn, or the lock below failed    |     +--------+
 *       |  +-----------------------------+                               |     |
 *       |                                |                               |     | last out: EMPTY first,
 *       +-------> ACQUIRING -------------+-------------------------------+     | then the lock below is given back
 *        somebody      a request to the          granted                       v
 *        waits         lock below is out                                     EMPTY
 *
 * LIT and TRYING are bits of the gate's word, beside the count of entrants, so that to enter a lit room and to be the last
 * out are one compare-and-set each. ACQUIRING is an Attempt in the attendant's hands; it belongs to the switch and not to
 * any one entrant. The lock below is only ever called with the baton down.
 */
final class Light extends Gate {
    private static final int LIT = 1 << 30;
    private static final int TRYING = 1 << 29;

    private final Acquirable<?> below;
    /** The permit of the lock below: written before LIT is set, read while an entrant is inside. */
    private @Nullable Permit on;
    /** The attendant's. */
    private @Nullable Attempt attempt;

    Light(Acquirable<?> below) {
        super(0);
        this.below = Objects.requireNonNull(below, "below");
    }

    Acquirable<?> below() {
        return below;
    }

    static boolean isLit(int inside) {
        return (inside & LIT) != 0;
    }

    static int entrants(long state) {
        return inside(state) & (TRYING - 1);
    }

    /** From empty to TRYING, if nobody waits. */
    boolean beginToTry() {
        return compareAndSet(0, TRYING);
    }

    void tryInVain() {
        leave(TRYING);
    }

    void switchOnForOne(Permit permit) {
        on = permit;
        leave(TRYING - LIT - 1);
    }

    /** Takes one entrant out; if it was the last, the light is off and the permit returned has to be closed. */
    @Nullable
    Permit leaveOne() {
        while (true) {
            long seen = state();
            Permit permit = on;
            boolean last = entrants(seen) == 1;
            if (compareAndSet(seen, last ? seen - 1 - LIT : seen - 1)) {
                return last ? permit : null;
            }
        }
    }

    void attendIfSomebodyWaits() {
        if (waiting(state()) != 0) {
            attend();
        }
    }

    @Override
    void prepare(Aftermath aftermath) {
        Attempt running = attempt;
        if (running == null) {
            if (!lineIsEmpty() && inside(state()) == 0) {
                Attempt begun = new Attempt();
                attempt = begun;
                aftermath.errand(begun::begin);
            }
        } else if (lineIsEmpty()) {
            attempt = null;
            aftermath.errand(running::abandon);
        } else if (running.permit != null) {
            attempt = null;
            on = running.permit;
            add(LIT);
        } else if (running.failure != null) {
            attempt = null;
            failAll(running.failure, aftermath);
        }
    }

    private void failAll(Throwable failure, Aftermath aftermath) {
        for (Waiter<?> first = dismissFirst(); first != null; first = dismissFirst()) {
            if (first.fail(failure)) {
                aftermath.ended(first);
            }
        }
    }

    /** One request of the switch to the lock below. */
    private final class Attempt {
        private volatile @Nullable Acquisition<?> request;
        private volatile boolean abandoned;
        volatile @Nullable Permit permit;
        volatile @Nullable Throwable failure;

        void begin() {
            Acquisition<?> made = null;
            try {
                made = below.request();
                request = made;
                made.stage().whenComplete(this::ended);
            } catch (Throwable refused) {
                ended(null, refused);
                if (made != null) { // it has been asked, and cannot tell
                    made.close();
                }
                return;
            }
            if (abandoned) {
                made.close();
            }
        }

        private void ended(@Nullable Permit granted, @Nullable Throwable thrown) {
            if (granted != null) {
                permit = granted;
            } else if (thrown instanceof CompletionException && thrown.getCause() != null) {
                failure = thrown.getCause();
            } else {
                failure = thrown;
            }
            attend();
        }

        /** Nobody needs it any more: withdraws the request, or gives back what it was granted. */
        void abandon() {
            abandoned = true;
            Acquisition<?> made = request;
            if (made != null) {
                made.close();
            }
        }
    }
}
