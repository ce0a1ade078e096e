package lox.sync.engine;

/**
 * Decides from measured time how many slots one lane claims at once. Belongs to one lane; not thread-safe.
 *
 * <p>Tasks that take microseconds are claimed in runs, so that the lanes do not meet at the batch's head for each of them. A run
 * is sized to take about {@value #TARGET_NANOS} nanoseconds: doubled while it takes less than half of that, halved when it takes
 * more.
 */
final class Pace {
    enum Verdict {
        /** Nothing to change. */
        STEADY,
        /** Tasks are so short that the Scatter should run briskly: in runs, on few lanes. */
        BRISK,
        /** A task took long: one slot at a time again, on as many lanes as allowed. */
        CAREFUL
    }

    private static final long TARGET_NANOS = 20_000;
    private static final long LONG_NANOS = 1_000_000;
    private static final int SHORT_TASKS_IN_A_ROW = 16;
    private static final int LONGEST_RUN = 256;

    private int run = 1;
    private int streak;

    /** How many slots to claim. */
    int run() {
        return run;
    }

    /** Notes how long the last run took. */
    Verdict after(long nanos, int tasks) {
        if (nanos > LONG_NANOS) {
            run = 1;
            streak = 0;
            return Verdict.CAREFUL;
        }
        if (nanos > TARGET_NANOS) {
            run = Math.max(1, run / 2);
            streak = 0;
            return Verdict.STEADY;
        }
        if (nanos < TARGET_NANOS / 2 && tasks >= run) {
            run = Math.min(LONGEST_RUN, run * 2);
        }
        streak += tasks;
        return streak >= SHORT_TASKS_IN_A_ROW ? Verdict.BRISK : Verdict.STEADY;
    }
}
