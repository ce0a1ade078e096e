package lox.sync.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How the lanes of one Scatter go about it.
 *
 * <ul>
 *   <li><b>Careful</b>, the beginning: one slot at a time, on as many lanes as allowed. Nothing ever waits behind a long task.
 *   <li><b>Brisk</b>, once tasks have been seen to take microseconds: in runs, on one lane, and on more only when it falls
 *       behind, at most one a processor. Fifty threads that fight for tasks of ten nanoseconds are slower than one.
 * </ul>
 *
 * <pre>
 *              {@value #SHORT_TASKS} short tasks in a row on one lane
 *   CAREFUL ---------------------------------------------------------&gt; BRISK
 *      ^                                                                 |
 *      +-----------------------------------------------------------------+
 *         a long task has ended, or the watch finds a lane stuck
 * </pre>
 *
 * Brisk is a bet that the next task is short too. A lane that lost it says so when the long task is over; until then a watch
 * stands in. It looks every {@value #TICK_MILLIS} ms, and if a lane is still at the task it was at, and something is left to
 * start, it makes the Scatter careful and starts a lane, which finds the slots that the stuck one had claimed. The Go runtime
 * watches its processors in the same way (sysmon). Lanes that are stuck do not count against the few. The watch
 * ends when nothing is going on.
 */
final class Briskness {
    private static final int TICK_MILLIS = 2;
    private static final int QUIET_TICKS = 50;
    private static final int SHORT_TASKS = 16;

    /** Two at a time start fifty threads sooner than one after the other; three do not. */
    private static final int SEARCHERS = 2;

    private static final int RUNS_BEHIND = 10;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

    private final Lanes lanes;
    private final int careful;
    private final int few;
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean brisk;
    private volatile int run = 1; // of the lane that was heeded last
    private volatile int stuck;
    private int quiet; // the watch's own

    Briskness(Lanes lanes, int limit) {
        this.lanes = lanes;
        this.careful = limit;
        this.few = Math.min(limit, Runtime.getRuntime().availableProcessors());
    }

    boolean isBrisk() {
        return brisk;
    }

    /** How many tasks may come together, since a lane would take about so many at once. */
    int together() {
        return brisk ? run : 1;
    }

    // ---- how many lanes --------------------------------------------------------------------------------------------

    /** Whether a slot that has been filled needs one more lane. Cheap: asked at every scatter. */
    boolean lacksLane(Crew crew) {
        return brisk ? crew.lacksLane(1, beside(1)) : crew.lacksLane(SEARCHERS, careful);
    }

    /** Counts one more lane if a filled slot needs it. */
    boolean join(Crew crew) {
        return brisk ? crew.join(1, beside(1)) : crew.join(SEARCHERS, careful);
    }

    /** Whether a brisk lane cannot keep up with the producers. */
    boolean isBehind(Batch batch, Pace pace) {
        return brisk && !pace.isTooFastToShare() && batch.hasBacklog(RUNS_BEHIND * pace.slots());
    }

    /** Counts one more lane beside one that falls behind. */
    boolean joinBehind(Crew crew) {
        return crew.join(1, beside(few));
    }

    /** So many lanes, those not counted that are stuck in a long task. */
    private int beside(int wanted) {
        return (int) Math.min(careful, (long) wanted + stuck);
    }

    // ---- careful or brisk ------------------------------------------------------------------------------------------

    /** Takes note of a run. */
    void heed(Pace pace, long nanos, int tasks) {
        int streak = pace.after(nanos, tasks);
        if (run != pace.run()) {
            run = pace.run();
        }
        if (streak >= SHORT_TASKS) {
            if (!brisk) {
                brisk = true;
            }
            watch();
        } else if (streak == Pace.LONG && brisk) {
            brisk = false;
            lanes.launchIfLacking();
        }
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /** Whether some lane may hold slots it has not started. */
    boolean isWatched() {
        return watched.get();
    }

    /** Makes sure that somebody watches. A lane that has claimed a run calls it too: the watch may have just gone. */
    void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            tickLater();
        }
    }

    private void tickLater() {
        try {
            Timer.look(this::tick, TICK_NANOS);
        } catch (Throwable noThread) { // nobody can watch: then nobody may bet
            brisk = false;
            watched.set(false);
        }
    }

    private void tick() {
        boolean again;
        try {
            again = look();
        } catch (Throwable noMemory) {
            again = false;
            brisk = false;
        }
        if (again) {
            tickLater();
        } else {
            quiet = 0;
            watched.set(false);
            // Once more, after the end: lanes that have begun something in between have counted on this watch.
            if (brisk || hasUnstarted() || hasUnshown()) {
                watch();
            } else {
                Timer.elsewhere(lanes::launchForMore);
            }
        }
    }

    /** True if there is something to watch. */
    private boolean look() {
        int standing = 0;
        for (Lane lane : lanes.all()) {
            if (lane.tasks().hasStoodStill()) {
                standing++;
                lookAfterStuck(lane.tasks());
            }
        }
        stuck = standing;
        boolean unstarted = hasUnstarted();
        if (standing > 0 && (unstarted || lanes.hasUnclaimed())) {
            brisk = false;
            // Elsewhere: an executor of the user's may run the lane in the thread that asks, and this one has to go on
            // watching.
            Timer.elsewhere(lanes::launchIfLacking);
        }
        quiet = lanes.isIdle() ? quiet + 1 : 0;
        if (quiet >= QUIET_TICKS) {
            brisk = false;
        }
        return brisk || unstarted || hasUnshown();
    }

    /** What others could go on with. Elsewhere, because it may have to wait. */
    private static void lookAfterStuck(TaskLoop tasks) {
        tasks.show();
        Carrier carrier = tasks.carrier();
        if (carrier != null && carrier.underWay().hasUnstarted()) {
            Timer.elsewhere(carrier.underWay()::recall);
        }
    }

    private boolean hasUnstarted() {
        for (Lane lane : lanes.all()) {
            if (lane.tasks().hasUnstarted()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a lane has passed on something that the next function of the chain has not been told of. To be asked after
     * {@link #hasUnstarted}: while that is true somebody watches, and when a lane takes the last of its slots, by compare-and-set,
     * what it has passed on before can be seen.
     */
    private boolean hasUnshown() {
        for (Lane lane : lanes.all()) {
            if (lane.tasks().hasUnshown()) {
                return true;
            }
        }
        return false;
    }
}
