package lox.sync.engine;

import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one Scatter: starts them when there is work, lets them find it, reaches them when a batch ends. How many there
 * are is {@link Crew}'s business, how many there should be {@link Briskness}'s.
 */
final class Lanes {
    private static final int LOOKS = 20;

    private final Dispatcher<?, ?> dispatcher;
    private final Fronts fronts;
    private final Executor launcher;
    private final Crew crew = new Crew();
    private final Briskness briskness;
    private final @Nullable TimeoutWatch timeouts;
    private final AtomicReference<@Nullable Pace> lastPace = new AtomicReference<>();
    private final boolean remote;
    private final Set<Lane> entered = ConcurrentHashMap.newKeySet();

    Lanes(Dispatcher<?, ?> dispatcher, Fronts fronts, Executor launcher, int limit) {
        this.dispatcher = dispatcher;
        this.fronts = fronts;
        this.launcher = launcher;
        this.briskness = new Briskness(this, limit);
        this.remote = dispatcher.pool().remote() != null;
        TaskPolicy policy = dispatcher.pool().policy();
        this.timeouts = policy.hasTimeout() && !remote
                ? new TimeoutWatch(this, dispatcher.dialect(), policy.timeoutNanos())
                : null;
    }

    // ---- starting --------------------------------------------------------------------------------------------------

    /** Starts a lane if there is work that needs one more. To be called whenever a slot has been filled. */
    void launchIfLacking() {
        if (briskness.lacksLane(crew)) {
            StackRoom.check(); // once it is counted, it must be started, or there would be none for ever
            Lane lane = new Lane(dispatcher); // before it is counted: there may be no memory for it
            if (briskness.join(crew)) {
                start(lane);
            }
        }
    }

    /**
     * Starts a lane if something is left to claim, nobody looks for it, and there is room. To be called, too, when the front may
     * have moved on to another batch, by a seal or by an end. Lanes that looked before found nothing there and left,
     * so whoever moves it sees to the slots that are full already.
     */
    void launchForMore() {
        if (fronts.hasUnclaimed()) {
            launchIfLacking();
        }
    }

    /** Has a lane run that is counted as searching. */
    private void start(Lane lane) {
        try {
            launcher.execute(lane);
        } catch (Throwable refused) {
            crew.leave(true);
            if (crew.lanes() == 0) { // else the lanes there are get to it, one after the other
                new Lane(dispatcher).refuseAll(refused);
            }
        }
    }

    /** Starts a lane, if there is room, for slots that were claimed and are full again. */
    void launchForReturned() {
        briskness.watch();
        launchIfLacking();
    }

    /** How many tasks may come together, in one {@link Span}. */
    int together() {
        return briskness.together();
    }

    /** Several tasks have come together: others may have to share in them. */
    void shareOut() {
        VarHandle.fullFence(); // the window was opened before: this sees the watch go, or the watch sees the window
        briskness.watch();
        if (!briskness.isBrisk()) {
            launchIfLacking();
        }
    }

    /** Makes sure that somebody looks after what a lane has claimed, should it get stuck. */
    void watch() {
        briskness.watch();
    }

    // ---- steps of a lane -------------------------------------------------------------------------------------------

    void enter(Lane lane) {
        entered.add(lane);
        if (timeouts != null) {
            timeouts.watch();
        }
    }

    void exit(Lane lane) {
        entered.remove(lane);
    }

    /** What the last lane has learnt of the tasks' speed; a lane may live for a few of them only. */
    Pace takePace() {
        Pace known = lastPace.getAndSet(null);
        return known != null ? known : newPace();
    }

    Pace newPace() {
        return remote ? Pace.remote() : new Pace();
    }

    void leavePace(Pace pace) {
        lastPace.set(pace);
    }

    /** Claims work at the front, or shares in what another lane has claimed and not started. */
    boolean findWork(Batch front, TaskLoop tasks, Pace pace) {
        if (tasks.hasLeft() || sharesFirst(tasks)) {
            return true;
        }
        int claimed = tasks.claim(front, remote ? pace.run() : briskness.isBrisk() ? pace.slots() : 1);
        if (claimed > 1) {
            briskness.watch();
        }
        return claimed > 0 || (briskness.isWatched() && share(tasks, null));
    }

    /** The same for one batch alone, or for any in the queue of a stage. */
    boolean findWorkIn(Batch batch, TaskLoop tasks) {
        return tasks.hasLeft()
                || sharesFirst(tasks)
                || tasks.claim(batch, 1) > 0
                || share(tasks, dispatcher.stage() == null ? batch : null);
    }

    /** In a careful stage: what others have claimed, a span of tasks perhaps, is older than what lies in the queue. */
    private boolean sharesFirst(TaskLoop tasks) {
        return dispatcher.stage() != null
                && !remote
                && !briskness.isBrisk()
                && briskness.isWatched()
                && share(tasks, null);
    }

    /** How many tasks a lane runs before it looks around. */
    int runOf(Pace pace) {
        return briskness.isBrisk() ? pace.run() : 1;
    }

    private boolean share(TaskLoop tasks, @Nullable Batch only) {
        for (Lane lane : entered) {
            if (lane.tasks() != tasks && tasks.share(lane.tasks(), only)) {
                return true;
            }
        }
        return false;
    }

    /** A searching lane has found work. If there is more, the next lane comes. */
    void found() {
        crew.found();
        launchForMore();
    }

    /** A lane has worked off its window. If it cannot keep up with the producers alone, another one comes. */
    void finishedRun(Batch batch, Pace pace, long nanos, int tasks) {
        if (remote) {
            return; // the lane has taken note run by run; as many work as are allowed, always
        }
        briskness.heed(pace, nanos, tasks);
        if (briskness.isBehind(batch, pace)) {
            Lane lane = new Lane(dispatcher);
            if (briskness.joinBehind(crew)) {
                start(lane);
            }
        }
    }

    /**
     * A brisk lane that has found nothing waits some microseconds before it leaves, for its thread costs as much to start again.
     * It yields between two looks; without a pause it would fight with the producer for the cache lines of every slot.
     * It does not where the thread is one of a library's that must not block. True if there is work.
     */
    boolean linger() {
        if (briskness.isBrisk() && crew.lanes() == 1 && dispatcher.dialect().mayBlock()) {
            for (int look = 0; look < LOOKS; look++) {
                letOthersRun();
                if (fronts.hasUnclaimed()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * A brisk lane that has caught up with the producers stays behind until a full run is there, for some microseconds at most,
     * and no longer than the batch is open. On their heels it would fight with them for the cache lines of every single slot:
     * that doubled the time of a trivial task, and tripled it where the two processors share no cache. However few
     * slots it finds at a time, if it finds them one after the other it is on their heels. One that has found only a few in a row does
     * not wait: they may be all there is. Nor does one that has come through whole spans, which are complete when they come. True if it
     * waited.
     */
    boolean keepDistance(Batch batch, Pace pace, int ran) {
        if (!pace.isInStream()
                || ran >= pace.slots()
                || !briskness.isBrisk()
                || !dispatcher.dialect().mayBlock()) {
            return false;
        }
        for (int look = 0; look < LOOKS && !batch.isSealed() && !batch.hasBacklog(pace.slots()); look++) {
            letOthersRun();
        }
        return true;
    }

    /**
     * Not a mere hint to the processor: where threads are more than processors, as in a chain, the one that has to bring something may be
     * waiting for just this processor.
     */
    @SuppressWarnings("ThreadPriorityCheck") // it is a matter of cost only
    private static void letOthersRun() {
        Thread.yield();
    }

    /** A busy lane makes room for another Scatter; it is searching until it runs again. */
    void handOver() {
        crew.search();
    }

    /**
     * A lane has found nothing and leaves. True if there is work after all, and it is counted again, as searching. Nothing in here
     * needs memory: a lane that failed half-way through would leave twice.
     */
    boolean leaveOrRejoin(boolean searching) {
        crew.leave(searching);
        return fronts.hasUnclaimed() && briskness.join(crew);
    }

    // ---- looking at all of them ------------------------------------------------------------------------------------

    Iterable<Lane> all() {
        return entered;
    }

    boolean isIdle() {
        return crew.lanes() == 0;
    }

    boolean hasUnclaimed() {
        return fronts.hasUnclaimed();
    }

    /** Interrupts the tasks of a batch that has ended. */
    void interrupt(Batch batch) {
        for (Lane lane : entered) {
            try {
                lane.occupancy().interrupt(batch);
            } catch (Throwable thrown) { // a thread class of the user's, and the next one has to be interrupted too
                dispatcher.dialect().drop(thrown);
            }
        }
    }

    /** Cancels the batches that are no longer in the chain and still running. */
    void cancelAll(String reason) {
        for (Lane lane : entered) {
            Batch batch = lane.occupancy().batch();
            if (batch != null) {
                batch.cancel(reason);
            }
        }
    }

    /** The lowest slot of a batch that may be claimed and not started. */
    int lowestUnstarted(Batch batch, int head) {
        int lowest = head;
        for (Lane lane : entered) {
            lowest = Math.min(lowest, lane.tasks().positionIn(batch, head));
        }
        return lowest;
    }
}
