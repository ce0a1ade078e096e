package lox.sync.process;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a pool from starting worker processes over and over that end at once: after some crashes in a row each start waits, longer
 * and longer, up to a tenth of a second; and if the processes keep ending before they have done anything, that is said instead of
 * starting another. Not safe for use from many threads: the pool's lock guards it.
 */
final class Restraint {
    /** So many processes in a row that did nothing are enough. */
    static final int MOST_USELESS = 3;

    private static final int FREE_CRASHES = 2;
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 100;
    private static final int MOST_DOUBLINGS = 10;

    private int crashesInARow;
    private int uselessInARow;
    private @Nullable WorkerCrashedException lastUseless;

    /** A worker has ended tasks, whatever came of it then. */
    void hasServed() {
        crashesInARow = 0;
    }

    /** A worker's process has ended. */
    void hasEnded() {
        crashesInARow++;
    }

    /** It had done something, or ended because it was told to. */
    void wasOfUse() {
        uselessInARow = 0;
    }

    /** It had been ready and had done nothing. */
    void wasUseless(WorkerCrashedException end) {
        uselessInARow++;
        lastUseless = end;
    }

    /** Throws the last one's end if too many in a row were useless. Then it counts anew. */
    void checkUseful() {
        WorkerCrashedException last = lastUseless;
        if (uselessInARow >= MOST_USELESS && last != null) {
            uselessInARow = 0;
            throw last;
        }
    }

    /**
     * How long to wait before the next start.
     *
     * @param attempts how many have failed since the caller began
     */
    long pauseMillis(int attempts) {
        int beyond = Math.max(crashesInARow - FREE_CRASHES, attempts);
        return beyond <= 0
                ? 0
                : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(beyond - 1, MOST_DOUBLINGS));
    }
}
