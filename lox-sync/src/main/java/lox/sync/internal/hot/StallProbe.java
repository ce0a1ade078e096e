package lox.sync.internal.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;

/**
 * What the {@link StallWatchdog} observes of one drain loop.
 *
 * <p><b>Invariant.</b> A drainer first makes the loop busy and then reads whether the watchdog observes it. The
 * watchdog, when nothing has happened for a while, first stops observing and then reads whether the loop is busy. So
 * at least one of the two sees the other.
 */
final class StallProbe {
    /** The drain loop that is observed. */
    interface Target {
        /** The state word at this moment. */
        long word();

        /** Takes over from a drainer that is stuck. */
        void resume();
    }

    /** The result of a look. */
    enum Finding {
        FINE,
        /** A thread drains, and has made no progress since the last look. */
        STUCK,
        /** The loop has been idle for a while, and is no longer observed. */
        OVER
    }

    /** So many idle looks end the observation. A thread that puts often so rarely has to start it. */
    private static final int LOOKS_AT_REST = 20;

    private static final VarHandle ON;

    static {
        try {
            ON = MethodHandles.lookup().findVarHandle(StallProbe.class, "on", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Target drainLoop;
    private final Predicate<StallProbe> watchdog;
    private volatile boolean on;

    // Of the watchdog alone:
    private long lookedAt;
    private int looksAtRest;

    /**
     * Makes one that is not observed yet.
     *
     * @param watchdog starts the observation; false if there is no thread for it
     */
    StallProbe(Target drainLoop, Predicate<StallProbe> watchdog) {
        this.drainLoop = drainLoop;
        this.watchdog = watchdog;
    }

    /** Has the loop observed from now on. Called when the loop is busy. */
    void begin() {
        if (!on && ON.compareAndSet(this, false, true) && !watchdog.test(this)) {
            on = false; // the next drainer tries again
        }
    }

    /** Looks at the loop. Called by the watchdog, every so often. */
    Finding look() {
        long before = lookedAt;
        long seen = drainLoop.word();
        lookedAt = seen;
        if (DrainState.stateOf(seen) != DrainState.IDLE) {
            looksAtRest = 0;
            return seen == before ? Finding.STUCK : Finding.FINE;
        }
        looksAtRest = seen == before ? looksAtRest + 1 : 0;
        if (looksAtRest < LOOKS_AT_REST) {
            return Finding.FINE;
        }
        looksAtRest = 0;
        on = false;
        boolean busyAgain = DrainState.stateOf(drainLoop.word()) != DrainState.IDLE;
        return busyAgain && ON.compareAndSet(this, false, true) ? Finding.FINE : Finding.OVER;
    }

    /** Ends the observation. The next drainer starts it again. */
    void end() {
        on = false;
    }

    /** Takes over from the drainer that is stuck. */
    void resume() {
        drainLoop.resume();
    }
}
