package lox.sync.engine;

/**
 * Measures how fast one lane goes, and sizes its runs. Belongs to one lane at a time, and is handed from a lane that leaves to
 * one that comes; not thread-safe.
 *
 * <p>Tasks that take microseconds are claimed in runs, so that lanes do not meet at the batch's head for each of them. A run is
 * sized to take about {@value #TARGET_NANOS} nanoseconds: doubled while it takes less than half of that, halved when it takes
 * more.
 */
final class Pace {
    private static final long TARGET_NANOS = 20_000;
    private static final long LONG_NANOS = 1_000_000;
    private static final int LONGEST_RUN = 256;

    /** What {@link #after} returns for a run in which a task took long. */
    static final int LONG = 0;

    /** The same, when it was not long ago that another one did. */
    static final int LONG_AGAIN = -1;

    /**
     * A long task that comes unexpectedly costs a few milliseconds, about as much as runs save over so many tasks. A thread that
     * the system suspends looks like a long task, but that happens far less often.
     */
    private static final int SOON = 50_000;

    private int run = 1;
    private int streak = 1;
    private int sinceLong;

    /** How many slots to claim. */
    int run() {
        return run;
    }

    /** Whether tasks are so short that another lane would only be in the way: handing them out costs more than running them. */
    boolean isTooFastToShare() {
        return run == LONGEST_RUN;
    }

    /** Notes how long a run took. Returns how many short tasks in a row there have been, or one of the two constants. */
    int after(long nanos, int tasks) {
        sinceLong = Math.min(sinceLong + tasks, SOON);
        if (nanos > LONG_NANOS) {
            boolean soon = sinceLong < SOON;
            run = 1;
            streak = 1;
            sinceLong = 0;
            return soon ? LONG_AGAIN : LONG;
        }
        if (nanos > TARGET_NANOS) {
            run = Math.max(1, run / 2);
            streak = 1;
        } else {
            if (nanos < TARGET_NANOS / 2 && tasks >= run) {
                run = Math.min(LONGEST_RUN, run * 2);
            }
            streak = Math.min(streak + tasks, 1 << 30);
        }
        return streak;
    }
}
