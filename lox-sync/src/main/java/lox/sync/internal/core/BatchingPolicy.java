package lox.sync.internal.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import lox.sync.internal.time.SharedThreads;
import lox.sync.internal.time.Timer;

/**
 * Decides whether the lanes of one Scatter claim slots one at a time or in runs, and how many lanes there should be.
 *
 * <ul>
 *   <li><b>Single</b>, the initial mode: each lane claims one slot at a time, on as many lanes as allowed. No task
 *       waits behind a long task.
 *   <li><b>Batched</b>, once tasks have been measured to take microseconds: one lane claims slots in runs. More lanes
 *       start only when it falls behind, at most one per processor. Fifty threads that contend for tasks of ten
 *       nanoseconds are slower than one.
 * </ul>
 *
 * <pre>
 *              {@value #SHORT_TASKS} short tasks in a row on one lane
 *   SINGLE ---------------------------------------------------------&gt; BATCHED
 *      ^                                                                 |
 *      +-----------------------------------------------------------------+
 *         a long task has ended, or the stall watch finds a lane stalled
 * </pre>
 *
 * Batched mode assumes that the next task is short, too. If a task turns out to be long, its lane reports that when the
 * task ends. Until then a periodic check, the stall watch, stands in. Every {@value #TICK_MILLIS} ms it checks whether
 * a lane is still at the same task. If so, and if something is left to start, it switches the Scatter to single mode
 * and starts a lane, which finds the slots that the stalled lane has claimed. The Go runtime watches its processors in
 * the same way (sysmon). Stalled lanes do not count against the lane limits of batched mode. The stall watch also
 * returns a Scatter to single mode after its lanes have been idle for some time, and ends when nothing is left to
 * watch.
 */
public final class BatchingPolicy {
    private static final int TICK_MILLIS = 2;
    private static final int QUIET_TICKS = 50;
    private static final int SHORT_TASKS = 16;

    /** How many lanes may search at once. Two start fifty threads sooner than one does; three bring no further gain. */
    private static final int SEARCHERS = 2;

    private static final int RUNS_BEHIND = 10;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

    private final Lanes lanes;
    private final int single;
    private final int few;
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean batched;
    private volatile int run = 1; // of the lane that recorded last
    private volatile int stuck;
    private int quiet; // owned by the stall watch

    BatchingPolicy(Lanes lanes, int limit) {
        this.lanes = lanes;
        this.single = limit;
        this.few = Math.min(limit, Runtime.getRuntime().availableProcessors());
    }

    boolean isBatched() {
        return batched;
    }

    /** How many tasks may be handed over together: about as many as a lane would take at once. */
    int together() {
        return batched ? run : 1;
    }

    // ---- how many lanes --------------------------------------------------------------------------------------------

    /** Whether a filled slot needs one more lane. Cheap: called at every scatter. */
    boolean lacksLane(LaneCount laneCount) {
        return batched ? laneCount.lacksLane(1, beside(1)) : laneCount.lacksLane(SEARCHERS, single);
    }

    /** Counts one more lane if a filled slot needs it. */
    boolean join(LaneCount laneCount) {
        return batched ? laneCount.join(1, beside(1)) : laneCount.join(SEARCHERS, single);
    }

    /** Whether a batched lane cannot keep up with the producers. */
    boolean isBehind(Batch batch, RunSizer sizer) {
        return batched && !sizer.isTooFastToShare() && batch.hasBacklog(RUNS_BEHIND * sizer.slots());
    }

    /** Counts one more lane beside one that falls behind. */
    boolean joinBehind(LaneCount laneCount) {
        return laneCount.join(1, beside(few));
    }

    /** The limit for {@code wanted} lanes, not counting those stalled in a long task. */
    private int beside(int wanted) {
        return (int) Math.min(single, (long) wanted + stuck);
    }

    // ---- singly or batched ------------------------------------------------------------------------------------------

    /** Records a run, and switches the mode if the run requires it. */
    void record(RunSizer sizer, long nanos, int tasks) {
        int streak = sizer.after(nanos, tasks);
        if (run != sizer.run()) {
            run = sizer.run();
        }
        if (streak >= SHORT_TASKS) {
            if (!batched) {
                batched = true;
            }
            watch();
        } else if (streak == RunSizer.LONG && batched) {
            batched = false;
            lanes.launchIfLacking();
        }
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /** Whether the stall watch is active, because some lane may hold slots it has not started. */
    boolean isWatched() {
        return watched.get();
    }

    /**
     * Starts the stall watch unless it is active. A lane that has claimed a run calls this, too: the watch may have
     * just ended.
     */
    void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            tickLater();
        }
    }

    private void tickLater() {
        try {
            Timer.later(this::tick, TICK_NANOS);
        } catch (Throwable noThread) { // without a watch no lane may batch
            batched = false;
            watched.set(false);
        }
    }

    private void tick() {
        boolean again;
        try {
            again = look();
        } catch (Throwable noMemory) {
            again = false;
            batched = false;
        }
        if (again) {
            tickLater();
        } else {
            quiet = 0;
            watched.set(false);
            // Check once more, after the end: lanes that have begun something in between have relied on this watch.
            if (batched || hasUnstarted() || hasUnshown()) {
                watch();
            } else {
                SharedThreads.elsewhere(lanes::launchForMore);
            }
        }
    }

    /** Looks for stalled lanes. Returns whether there is something left to watch. */
    private boolean look() {
        int standing = 0;
        for (Lane lane : lanes.all()) {
            if (lane.tasks().hasStoodStill()) {
                standing++;
                lane.tasks().share();
            }
        }
        stuck = standing;
        boolean unstarted = hasUnstarted();
        if (standing > 0 && (unstarted || lanes.hasUnclaimed())) {
            batched = false;
            // On another thread: a user's executor may run the lane in the submitting thread, and this thread has to
            // keep watching.
            SharedThreads.elsewhere(lanes::launchIfLacking);
        }
        quiet = lanes.isIdle() ? quiet + 1 : 0;
        if (quiet >= QUIET_TICKS) {
            batched = false;
        }
        return batched || unstarted || hasUnshown();
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
     * Whether a lane has passed on items that the next function of the chain has not been shown. Call after
     * {@link #hasUnstarted}: while that is true, the watch is active; and once a lane has taken the last of its slots,
     * by compare-and-set, the items that it passed on before are visible.
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
