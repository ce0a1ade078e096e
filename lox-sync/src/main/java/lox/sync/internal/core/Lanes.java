package lox.sync.internal.core;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import lox.sync.internal.chain.SlotRange;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.pool.RunningTask;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.internal.result.StackProbe;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: a third of it says why a lane is started, kept, or held back at each step.
/**
 * The lanes of one Scatter: starts lanes when there is work, finds work for them, and interrupts them when a batch
 * ends. {@link LaneCount} counts the lanes; {@link BatchingPolicy} decides how many there should be.
 */
public final class Lanes implements ImmediateCall.Owner {
    private static final int LOOKS = 20;

    private final LaneSettings settings;
    private final WorkSources sources;
    private final RunnerFactory runners;
    private final boolean ofStage;
    private final LaneCount laneCount = new LaneCount();
    private final BatchingPolicy batching;
    private final @Nullable TimeoutWatch timeouts;
    private final AtomicReference<@Nullable RunSizer> lastSizer = new AtomicReference<>();
    private final boolean remote;
    private final boolean asynchronous;
    private final @Nullable TaskRunner immediate; // of calls that need no lane; null if there are none
    private final boolean outside; // of the lanes' threads: so or so
    private final Set<Lane> entered = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Lane> idle = new AtomicReference<>(); // only outside of threads; entered

    /**
     * Makes the lanes of a Scatter; none is started yet.
     *
     * @param sources where the lanes look for work
     * @param runners makes the runner of each lane
     * @param ofStage whether the lanes serve a later function of a chain: each slot then holds several tasks, of any
     *     batch
     */
    Lanes(LaneSettings settings, WorkSources sources, RunnerFactory runners, boolean ofStage) {
        this.settings = settings;
        this.sources = sources;
        this.runners = runners;
        this.ofStage = ofStage;
        LanePool pool = settings.pool();
        this.batching = new BatchingPolicy(this, pool.limit());
        this.remote = pool.remote() != null;
        this.asynchronous = pool.isAsynchronous();
        this.outside = remote || asynchronous;
        TaskPolicy policy = pool.policy();
        this.immediate = asynchronous && !ofStage && settings.next() == null && policy.isNone()
                ? new TaskRunner(settings, null, null, null)
                : null;
        this.timeouts = policy.hasTimeout() && !outside
                ? new TimeoutWatch(this, settings.dialect(), policy.timeoutNanos())
                : null;
    }

    /** Makes a lane that is not counted, for a thread that runs it directly. */
    public Lane make() {
        return new Lane(settings, this, sources, runners);
    }

    // ---- starting --------------------------------------------------------------------------------------------------

    /** Whether a slot that is filled now would need one more lane. */
    boolean isLacking() {
        return batching.lacksLane(laneCount) && !isInLane();
    }

    /**
     * Whether the calling thread is in one of these lanes which will look for work once more: no other lane has to be
     * started for what is put in here, unless that one leaves its thread to await a call.
     */
    private boolean isInLane() {
        if (asynchronous) {
            for (PoolJob job = PoolJob.current(); job != null; job = job.outer()) {
                if (job instanceof Lane lane && lane.looksAgain(this)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Starts a lane if there is work that needs one more. Call whenever a slot has been filled. */
    @Override
    public void launchIfLacking() {
        if (isLacking()) {
            if (asynchronous) {
                StackProbe.checkInnerCall(); // once counted, it must be started: no other one would be
            } else {
                StackProbe.checkInner();
            }
            Lane known = asynchronous ? idle.getAndSet(null) : null;
            Lane lane = known != null ? known : make(); // before it is counted: there may be no memory for it
            if (batching.join(laneCount)) {
                start(lane);
            } else if (known != null) {
                park(known);
            }
        }
    }

    /**
     * Has a task run that has just been stored. Where its function does not block, the calling thread calls that at
     * once if the task is the next one of its batches and a place is free: {@link ImmediateCall}. Otherwise starts a
     * lane if one is lacking.
     *
     * @param source whose batches the task is in; null for those of the function itself
     */
    public void launchFor(Batch batch, int index, @Nullable BatchSource source) {
        if (immediate == null
                || batch.counters().head() != index
                || !isFree()
                || !isFront(batch, source)
                || !settings.pool().tryStartHere(new ImmediateCall(this, batch, index), null)) {
            launchIfLacking();
        }
    }

    private boolean isFront(Batch batch, @Nullable BatchSource source) {
        return batch == (source == null ? sources.ordered() : source.batches().front());
    }

    /**
     * Makes the direct calls of a map.
     *
     * @param context restored around each call, or null
     * @return null if the function blocks, has another one behind it, or has a retry or a timeout
     */
    public @Nullable DirectCall directCall(Dialect.@Nullable Context context, DirectCall.Receiver receiver) {
        return immediate == null ? null : new DirectCall(this, context, receiver);
    }

    /** The call of a task that has just been stored, if it is the next one of its batches; null if not. */
    public @Nullable ImmediateCall nextCall(Batch batch, int index, BatchSource source) {
        return batch.counters().head() == index && isFront(batch, source)
                ? new ImmediateCall(this, batch, index)
                : null;
    }

    private boolean isFree() {
        return settings.pool().isFreeHere() && !settings.observer().seesTasks();
    }

    @Override
    public LaneSettings settings() {
        return settings;
    }

    /** It keeps no state, so all calls share it. */
    @Override
    public TaskRunner plain() {
        return Objects.requireNonNull(immediate);
    }

    @Override
    public boolean isInterrupted(@Nullable PoolJob task) {
        return Lane.isInterrupted(task);
    }

    @Override
    public boolean adopt(ImmediateCall begun) {
        Lane lane;
        try {
            Lane known = idle.getAndSet(null);
            lane = known != null ? known : make();
        } catch (Throwable noMemory) {
            begun.abort(noMemory);
            throw noMemory;
        }
        return lane.adopt(begun);
    }

    /** Counts a lane that has a call under way before it has looked for work. */
    void joinBusy() {
        laneCount.joinBusy();
    }

    /**
     * Lanes that looked before the head had passed that slot could not see past it, and left. Takes idle sources out,
     * as such a lane would.
     */
    @Override
    public void launchForWhatFollows(Batch batch, int index) {
        sources.removeIdleButOneMap();
        if (batch.upperBound() > index + 1
                || batch.isOver()
                || sources.submissions().front() != null) {
            launchForMore();
        }
    }

    /** Keeps one lane that has left, since the next one is needed soon. The calling thread is not in it any more. */
    void park(Lane left) {
        if (!idle.compareAndSet(null, left)) {
            entered.remove(left);
        }
    }

    /**
     * Starts a lane if something is left to claim, too few lanes are searching, and there is room. Call this also when
     * the front may have moved to another batch, by a seal or by an end. Lanes that looked before found nothing there
     * and left, so the thread that moves the front has to start a lane for slots that are full already.
     */
    void launchForMore() {
        if (sources.hasUnclaimed()) {
            launchIfLacking();
        }
    }

    /** Starts a lane that is counted as searching. */
    private void start(Lane lane) {
        try {
            settings.pool().start(lane, settings.dialect().mayBlock());
        } catch (Throwable refusal) {
            refused(refusal);
        }
    }

    /**
     * Handles a lane that was counted as searching and will not run: fails the tasks that wait for it, unless there are
     * other lanes.
     */
    void refused(Throwable refusal) {
        laneCount.leave(true);
        if (laneCount.lanes() == 0) { // else the other lanes run them, one after the other
            make().refuseAll(refusal);
        }
    }

    /** Starts a lane, if there is room, for slots that were claimed and are full again. */
    public void launchForReturned() {
        batching.watch();
        launchIfLacking();
    }

    /** How many tasks may be handed over together, in one {@link SlotRange}. */
    public int together() {
        return batching.together();
    }

    /** Called when several tasks have been handed over together: other lanes may have to share in them. */
    public void shareOut() {
        VarHandle.fullFence(); // the range was opened before: this sees the watch end, or the watch sees the range
        batching.watch();
        if (!batching.isBatched()) {
            launchIfLacking();
        }
    }

    /** Whether tasks are so short that lanes take them in runs. */
    boolean isBatched() {
        return batching.isBatched();
    }

    /** Ensures that the stall watch is active, in case a lane stalls with slots it has claimed. */
    public void watch() {
        batching.watch();
    }

    // ---- steps of a lane -------------------------------------------------------------------------------------------

    void enter(Lane lane) {
        if (!asynchronous || !entered.contains(lane)) {
            entered.add(lane);
        }
        if (timeouts != null) {
            timeouts.watch();
        }
    }

    void exit(Lane lane) {
        if (!asynchronous) { // otherwise see park
            entered.remove(lane);
        }
    }

    /**
     * Returns the sizer of the lane that left last, or a new one. It carries over the measured speed: a lane may live
     * for a few tasks only.
     */
    RunSizer takeSizer() {
        RunSizer known = lastSizer.getAndSet(null);
        return known != null ? known : newSizer();
    }

    RunSizer newSizer() {
        return remote ? RunSizer.remote() : new RunSizer();
    }

    void leaveSizer(RunSizer sizer) {
        lastSizer.set(sizer);
    }

    /**
     * Claims a task that is due for another attempt, or work at the front, or shares in what another lane has claimed
     * and not started.
     */
    boolean findWork(Batch front, RangeRunner tasks, RunSizer sizer) {
        if (tasks.hasLeft() || sharesFirst(tasks) || tasks.claimRetry(null)) {
            return true;
        }
        int claimed = tasks.claim(front, remote ? sizer.run() : batching.isBatched() ? sizer.slots() : 1, sources);
        if (claimed > 1) {
            batching.watch();
        }
        return claimed > 0 || (batching.isWatched() && share(tasks, null));
    }

    /** The same for one batch only, or for any batch in the queue of a stage. */
    boolean findWorkIn(Batch batch, RangeRunner tasks) {
        return tasks.hasLeft()
                || sharesFirst(tasks)
                || tasks.claimRetry(batch)
                || tasks.claim(batch, 1, null) > 0
                || share(tasks, ofStage ? null : batch);
    }

    /**
     * Shares in the claims of other lanes first, in a stage that takes tasks singly: what they have claimed, possibly a
     * range of tasks, is older than what is in the queue.
     */
    private boolean sharesFirst(RangeRunner tasks) {
        return ofStage && !outside && !batching.isBatched() && batching.isWatched() && share(tasks, null);
    }

    /**
     * Claims more slots of a batch for a lane whose worker is at a run of the same batch. Returns whether it has
     * claimed any: not if there is other work to be done first, nor if the other lanes may soon lack those slots.
     */
    public boolean claimAhead(Batch batch, RangeRunner tasks, RunSizer sizer) {
        DelayedRetries retries = settings.retries();
        int run = sizer.run();
        return batch.hasBacklog(
                        (int) Math.min(Integer.MAX_VALUE, (long) settings.pool().limit() * run))
                && !settings.pool().isContended()
                && (retries == null || !retries.hasDue())
                && sources.next() == batch
                && tasks.claim(batch, run, sources) > 0;
    }

    /** How many tasks a lane runs before it looks for work again. */
    int runOf(RunSizer sizer) {
        return batching.isBatched() ? sizer.run() : 1;
    }

    private boolean share(RangeRunner tasks, @Nullable Batch only) {
        RangeRunner oldest = ofStage ? oldest(tasks) : null;
        if (oldest != null && tasks.shareIn(oldest, only)) {
            return true;
        }
        for (Lane lane : entered) {
            if (lane.tasks() != tasks && tasks.shareIn(lane.tasks(), only)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The lane of a stage, other than the given one, that is at the oldest range of which something is left. Several
     * lanes may have claimed a range each before tasks turned slow, and the others must not pass one over.
     */
    private @Nullable RangeRunner oldest(RangeRunner except) {
        RangeRunner oldest = null;
        for (Lane lane : entered) {
            RangeRunner tasks = lane.tasks();
            if (tasks != except && (oldest == null || tasks.place() - oldest.place() < 0) && tasks.hasUnstarted()) {
                oldest = tasks;
            }
        }
        return oldest;
    }

    /** Counts a searching lane as busy: it has found work. Starts the next lane if there is more. */
    void found() {
        laneCount.found();
        if (!asynchronous) { // otherwise this one looks again, or starts the next one before it awaits a call
            launchForMore();
        }
    }

    /** Records a run that a lane has finished. Starts another lane if that one cannot keep up with the producers. */
    public void finishedRun(Batch batch, RunSizer sizer, long nanos, int tasks) {
        if (outside) {
            return; // such a run says nothing about the lane's thread; always as many lanes as allowed
        }
        batching.record(sizer, nanos, tasks);
        if (batching.isBehind(batch, sizer)) {
            Lane lane = make();
            if (batching.joinBehind(laneCount)) {
                start(lane);
            }
        }
    }

    /**
     * Waits some microseconds before a batched lane that has found nothing leaves, since restarting its thread costs as
     * much. The lane yields between two looks: without a pause it would contend with the producer for the cache lines
     * of every slot. It does not wait on a library's thread that must not block. Returns whether there is work.
     */
    boolean linger() {
        if (batching.isBatched() && laneCount.lanes() == 1 && settings.dialect().mayBlock()) {
            for (int look = 0; look < LOOKS; look++) {
                letOthersRun();
                if (sources.hasUnclaimed()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Keeps a batched lane that has caught up with the producers behind them until a full run is available, for some
     * microseconds at most, and only while the batch is open. A lane close behind the producers contends with them for
     * the cache lines of every slot: that doubled the time of a trivial task, and tripled it where the two processors
     * share no cache. A lane that finds slots one after the other is close behind, however few it finds at a time. A
     * lane that has found only a few in a row does not wait: they may be all there are. Nor does a lane that has run
     * whole ranges, which are complete when they arrive. Returns whether it waited.
     */
    boolean keepDistance(Batch batch, RunSizer sizer, int ran) {
        if (batch.isSealed()
                || !sizer.isInStream()
                || ran >= sizer.slots()
                || !batching.isBatched()
                || !settings.dialect().mayBlock()) {
            return false;
        }
        for (int look = 0; look < LOOKS && !batch.isSealed() && !batch.hasBacklog(sizer.slots()); look++) {
            letOthersRun();
        }
        return true;
    }

    /**
     * Yields the processor. A spin hint is not enough: with more threads than processors, as in a chain, the producing
     * thread may be waiting for this very processor.
     */
    @SuppressWarnings("ThreadPriorityCheck") // it affects cost only
    private static void letOthersRun() {
        Thread.yield();
    }

    /** Counts a busy lane that yields to another Scatter as searching until it runs again. */
    void handOver() {
        laneCount.search();
    }

    /**
     * Removes a lane that has found nothing. Returns true if there is work after all and the lane is counted again, as
     * searching. Needs no memory: a lane that failed halfway through would leave twice.
     */
    boolean leaveOrRejoin(boolean searching) {
        laneCount.leave(searching);
        return sources.hasUnclaimed() && batching.join(laneCount);
    }

    // ---- looking at all of them ------------------------------------------------------------------------------------

    Iterable<Lane> all() {
        return entered;
    }

    public boolean isIdle() {
        return laneCount.lanes() == 0;
    }

    boolean hasUnclaimed() {
        return sources.hasUnclaimed();
    }

    /** What the lanes are at. */
    public List<RunningTask> running() {
        List<RunningTask> running = new ArrayList<>();
        for (Lane lane : entered) {
            RunningTask task = lane.running();
            if (task != null) {
                running.add(task);
            }
        }
        return running;
    }

    /** Interrupts the tasks of a batch that has ended. */
    public void interrupt(Batch batch) {
        for (Lane lane : entered) {
            try {
                lane.tasks().interrupt(batch);
            } catch (Throwable thrown) { // by a user's thread class; the next lane has to be interrupted, too
                settings.dialect().drop(thrown);
            }
        }
    }

    /** Cancels the batches that are no longer in the chain and still run. */
    void cancelAll(String reason) {
        for (Lane lane : entered) {
            Batch batch = lane.guard().batch();
            if (batch != null) {
                batch.cancel(reason);
                batch.tellUngathered();
            }
            Batch claimed = ofStage ? null : lane.tasks().batch();
            if (claimed instanceof Submission
                    || (claimed != null && lane.tasks().hasUnstarted())) { // and not begun
                claimed.cancel(reason);
                claimed.tellUngathered();
            }
        }
    }

    /** How many submissions have been claimed and not started. */
    int claimedSubmissions() {
        int claimed = 0;
        for (Lane lane : entered) {
            claimed += lane.tasks().batch() instanceof Submission one && one.isWaitingForStart() ? 1 : 0;
        }
        return claimed;
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
