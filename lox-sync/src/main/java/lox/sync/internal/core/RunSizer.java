package lox.sync.internal.core;

/**
 * Measures the speed of one lane and sizes its runs. Not thread-safe: it belongs to one lane at a time, and a lane that
 * leaves hands it to a later one.
 *
 * <p>Tasks that take microseconds are claimed in runs, so that lanes do not contend for the batch's head at each task.
 * A run is sized to take about {@value #TARGET_NANOS} nanoseconds: its size doubles while it takes less than half of
 * that, and halves when it takes more. A run for a worker elsewhere takes a millisecond, or two trips to the worker and
 * back if that is more.
 */
public final class RunSizer {
    private static final long TARGET_NANOS = 20_000;
    private static final long LONG_NANOS = 1_000_000;
    private static final int LONGEST_RUN = 256;
    private static final long REMOTE_TARGET_NANOS = 1_000_000;
    private static final long REMOTE_LONG_NANOS = 4_000_000;
    private static final int LONGEST_REMOTE_RUN = 1024;

    /** An upper bound: no machine copies more of them to another process. */
    private static final int BYTES_PER_NANO = 4;

    /** A run in a worker far away takes about as long as so many trips to the worker and back. */
    private static final int TRIPS_A_RUN = 2;

    /** Each step to longer runs costs a trip, so a run that is much too short grows by so much at once. */
    private static final int LEAP = 8;

    /** A run that takes so many times as long as it should holds a long task. */
    private static final int TARGETS_TOO_LONG = 4;

    /** This many tasks in a row are part of a stream. */
    private static final int STREAM = 8;

    /** The value that {@link #after} returns for a run in which a task took long. */
    static final int LONG = 0;

    private final long target;
    private final long tooLong;
    private final int longest;
    private int run = 1;
    private int streak = 1;
    private int inARow; // at most STREAM
    private int tasksASlot = 1;
    private boolean shortTasks;

    public RunSizer() {
        this(TARGET_NANOS, LONG_NANOS, LONGEST_RUN);
    }

    private RunSizer(long target, long tooLong, int longest) {
        this.target = target;
        this.tooLong = tooLong;
        this.longest = longest;
    }

    /** Makes a sizer for remote tasks: a round trip costs as much as many of them, so they are sent in longer runs. */
    static RunSizer remote() {
        return new RunSizer(REMOTE_TARGET_NANOS, REMOTE_LONG_NANOS, LONGEST_REMOTE_RUN);
    }

    /** How many tasks make a run. */
    public int run() {
        return run;
    }

    /**
     * How many slots to claim for a run: a slot holds one task as a rule, or a range of tasks in the queue of a chain.
     */
    int slots() {
        return (run + tasksASlot - 1) / tasksASlot;
    }

    /** Records how many tasks there were in how many slots. */
    public void foundInSlots(int tasks, int slots) {
        tasksASlot = Math.max(1, tasks / slots);
    }

    /** Whether tasks are so short that another lane would not help: handing them out costs more than running them. */
    boolean isTooFastToShare() {
        return run == longest;
    }

    /** Whether a task of the last run took no longer than a run should. */
    public boolean hasShortTasks() {
        return shortTasks;
    }

    /** Records that there was nothing to run. */
    void foundNothing() {
        inARow = 0;
    }

    /** Whether tasks come one after the other, so that the next one is expected, too. */
    boolean isInStream() {
        return inARow == STREAM;
    }

    /** Records how long a run took. Returns how many short tasks in a row there have been, or {@link #LONG}. */
    public int after(long nanos, int tasks) {
        return after(nanos, tasks, target, tooLong, 2);
    }

    private int after(long nanos, int tasks, long target, long tooLong, int growth) {
        inARow = Math.min(inARow + tasks, STREAM);
        shortTasks = nanos <= target * Math.max(1, tasks);
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
                run = Math.min(longest, run * (nanos < target / 2 / growth ? growth : 2));
            }
            streak = Math.min(streak + tasks, 1 << 30);
        }
        return streak;
    }

    /**
     * The same for remote tasks that were sent in {@code bytes} bytes to a worker that is {@code tripNanos} away, there
     * and back. Neither the trip nor the time to copy the bytes counts as time of the tasks: while one task is on its
     * way, others can run. The longer the trip, the longer the runs, so that a worker works longer than it waits.
     */
    public int after(long nanos, int tasks, long bytes, long tripNanos) {
        long aim = Math.max(target, TRIPS_A_RUN * tripNanos);
        long ran = Math.max(0, nanos - tripNanos - bytes / BYTES_PER_NANO);
        return after(ran, tasks, aim, Math.max(tooLong, TARGETS_TOO_LONG * aim), tripNanos == 0 ? 2 : LEAP);
    }
}
