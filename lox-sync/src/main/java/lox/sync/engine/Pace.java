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
    private static final long REMOTE_TARGET_NANOS = 1_000_000;
    private static final long REMOTE_LONG_NANOS = 4_000_000;
    private static final int LONGEST_REMOTE_RUN = 1024;

    /** No machine copies more of them to another process. */
    private static final int BYTES_PER_NANO = 4;

    /** So many tasks one after the other are part of a stream of them. */
    private static final int STREAM = 8;

    /** What {@link #after} returns for a run in which a task took long. */
    static final int LONG = 0;

    private final long target;
    private final long tooLong;
    private final int longest;
    private int run = 1;
    private int streak = 1;
    private int inARow; // up to a stream
    private int tasksASlot = 1;

    Pace() {
        this(TARGET_NANOS, LONG_NANOS, LONGEST_RUN);
    }

    private Pace(long target, long tooLong, int longest) {
        this.target = target;
        this.tooLong = tooLong;
        this.longest = longest;
    }

    /** For tasks that run elsewhere: the way there and back costs as much as many of them, so they travel in longer runs. */
    static Pace remote() {
        return new Pace(REMOTE_TARGET_NANOS, REMOTE_LONG_NANOS, LONGEST_REMOTE_RUN);
    }

    /** How many tasks make a run. */
    int run() {
        return run;
    }

    /** How many slots to claim for that: each has one task as a rule, or a whole span of them in the queue of a chain. */
    int slots() {
        return (run + tasksASlot - 1) / tasksASlot;
    }

    /** Notes how many tasks there were in how many slots. */
    void foundInSlots(int tasks, int slots) {
        tasksASlot = Math.max(1, tasks / slots);
    }

    /** Whether tasks are so short that another lane would only be in the way: handing them out costs more than running them. */
    boolean isTooFastToShare() {
        return run == longest;
    }

    /** Notes that there was nothing to run. */
    void foundNothing() {
        inARow = 0;
    }

    /** Whether there is one task after the other: the next one will come, too. */
    boolean isInStream() {
        return inARow == STREAM;
    }

    /** Notes how long a run took. Returns how many short tasks in a row there have been, or {@link #LONG}. */
    int after(long nanos, int tasks) {
        inARow = Math.min(inARow + tasks, STREAM);
        if (nanos > tooLong) {
            run = 1;
            streak = 1;
            return LONG;
        }
        if (nanos > target) {
            run = Math.max(1, run / 2);
            streak = 1;
        } else {
            if (nanos < target / 2 && tasks >= run) {
                run = Math.min(longest, run * 2);
            }
            streak = Math.min(streak + tasks, 1 << 30);
        }
        return streak;
    }

    /**
     * The same for tasks that run elsewhere, and were sent in so many bytes. What those cost on their way is not held against the
     * tasks: while one is copied, others can run.
     */
    int after(long nanos, int tasks, long bytes) {
        return after(Math.max(0, nanos - bytes / BYTES_PER_NANO), tasks);
    }
}
