package lox.sync.hot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;

/**
 * What a thread of {@link Relief} knows of the {@link Rounds} it looks after, from time to time.
 *
 * <p>Who walks first makes the rounds busy and then looks whether they are watched. Who watches first ceases to, when nothing has
 * happened for a while, and then looks whether they are busy. So one of the two sees the other.
 */
final class Watch {
    /** What a look finds. */
    enum Finding {
        FINE,
        /** Somebody walks, and has not got on since the last look. */
        STUCK,
        /** There is nothing to watch, and this is watched no more. */
        OVER
    }

    /** So many looks after the last round this is over: a thread that puts often has not to call for it each time. */
    private static final int LOOKS_AT_REST = 20;

    private static final VarHandle ON;

    static {
        try {
            ON = MethodHandles.lookup().findVarHandle(Watch.class, "on", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Rounds rounds;
    private final Predicate<Watch> relief;
    private volatile boolean on;

    // Of the one who watches:
    private long lookedAt;
    private int looksAtRest;

    /**
     * Not yet watched.
     *
     * @param relief has it watched, if there is a thread for it
     */
    Watch(Rounds rounds, Predicate<Watch> relief) {
        this.rounds = rounds;
        this.relief = relief;
    }

    /** Has the rounds watched from now on. To be called when they are busy. */
    void begin() {
        if (!on && ON.compareAndSet(this, false, true) && !relief.test(this)) {
            on = false; // whoever comes next tries again
        }
    }

    /** For the one who watches, every so often. */
    Finding look() {
        long before = lookedAt;
        long seen = rounds.word();
        lookedAt = seen;
        if (RoundWord.stateOf(seen) != RoundWord.FREE) {
            looksAtRest = 0;
            return seen == before ? Finding.STUCK : Finding.FINE;
        }
        looksAtRest = seen == before ? looksAtRest + 1 : 0;
        if (looksAtRest < LOOKS_AT_REST) {
            return Finding.FINE;
        }
        looksAtRest = 0;
        on = false;
        boolean busyAgain = RoundWord.stateOf(rounds.word()) != RoundWord.FREE;
        return busyAgain && ON.compareAndSet(this, false, true) ? Finding.FINE : Finding.OVER;
    }

    /** Goes on where somebody is stuck. */
    void relieve() {
        rounds.relieve();
    }
}
