package lox.sync.engine;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
 * Brisk is a bet that the next task is short too. A lane that lost it says so when the long task is over; until then a watch
 * stands in. It looks every {@value #TICK_MILLIS} ms, and if a lane is still at the task it was at, and something is left to
 * start, it makes the Scatter careful and starts a lane, which finds the slots that the stuck one had claimed. The Go runtime
 * watches its processors in the same way (sysmon). The watch ends when nothing is going on.
 */
final class Briskness {
    private static final int TICK_MILLIS = 2;
    private static final int QUIET_TICKS = 50;

    /** Two at a time start fifty threads sooner than one after the other; three do not. */
    private static final int SEARCHERS = 2;

    private static final int RUNS_BEHIND = 10;
    private static final ScheduledThreadPoolExecutor WATCH = executor();

    private final Dispatcher<?, ?> dispatcher;
    private final int careful;
    private final int few;
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean brisk;
    private int quiet; // the watch's own

    Briskness(Dispatcher<?, ?> dispatcher, int limit) {
        this.dispatcher = dispatcher;
        this.careful = limit;
        this.few = Math.min(limit, Runtime.getRuntime().availableProcessors());
    }

    private static ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lox-watch");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    boolean isBrisk() {
        return brisk;
    }

    /** Whether a slot that has been filled needs one more lane. Cheap: asked at every scatter. */
    boolean lacksLane(Crew crew) {
        return brisk ? crew.lacksLane(1, 1) : crew.lacksLane(SEARCHERS, careful);
    }

    /** Counts one more lane if a filled slot needs it. */
    boolean join(Crew crew) {
        return brisk ? crew.join(1, 1) : crew.join(SEARCHERS, careful);
    }

    /** Counts one more lane if the one that asks falls behind. */
    boolean joinBehind(Crew crew, Batch batch, Pace pace) {
        return brisk && batch.hasBacklog(RUNS_BEHIND * pace.run()) && crew.join(1, few);
    }

    /** Whether some lane may hold slots it has not started. */
    boolean isWatched() {
        return watched.get();
    }

    void heed(Pace.Verdict verdict) {
        if (verdict == Pace.Verdict.BRISK) {
            if (!brisk) {
                brisk = true;
            }
            watch();
        } else if (verdict == Pace.Verdict.CAREFUL && brisk) {
            brisk = false;
            dispatcher.launchIfLacking();
        }
    }

    /** Called by a lane that has claimed a run, too: the watch may have gone in the same instant. */
    void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            quiet = 0;
            tickLater();
        }
    }

    private void tickLater() {
        @SuppressWarnings("unused") // tick hands its own exceptions on
        Future<?> ticking = WATCH.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        boolean stuck = false;
        boolean unstarted = false;
        for (Lane lane : dispatcher.lanes()) {
            stuck |= lane.window().hasStoodStill();
            unstarted |= lane.window().unstarted() > 0;
        }
        if (stuck && (unstarted || dispatcher.hasUnclaimed())) {
            brisk = false;
            dispatcher.launchIfLacking();
        }
        quiet = dispatcher.crew().lanes() == 0 ? quiet + 1 : 0;
        if (quiet >= QUIET_TICKS) {
            brisk = false;
        }
        if (brisk || unstarted) {
            tickLater();
        } else {
            watched.set(false);
        }
    }
}
