package lox.sync.internal.core;

import lox.sync.internal.observe.LaneObserver;
import lox.sync.internal.pool.CallingThread;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Runs the slots that a lane has claimed, one run at a time, and counts the finished tasks of a run together.
 *
 * <p>There is one subclass for tasks in threads, one for tasks in remote workers, and one for a later function of a
 * chain, whose tasks come in ranges. An instance belongs to one lane; methods for other threads say so.
 */
public abstract class RangeRunner {
    private final LaneSettings settings;
    private final InterruptGuard guard;
    private final ClaimedRange claimed = new ClaimedRange(Slots.FULL);
    private final @Nullable Relay relay;
    private final @Nullable AttemptTimer clock;
    private final TaskRunner tasks;
    private final RunObservation observation;
    private @Nullable Batch working;
    private int uncounted; // finished tasks of that batch; the timeout watch owns it while it holds the timer

    /**
     * Makes the runner of a lane.
     *
     * @param elsewhere whether tasks run outside the lane's thread: they are then not timed, and results are passed on
     *     at once
     */
    protected RangeRunner(LaneSettings settings, InterruptGuard guard, boolean elsewhere) {
        this.settings = settings;
        this.guard = guard;
        TaskFailures failures = settings.failures();
        NextStage next = settings.next();
        this.relay = next == null
                ? null
                : next.relay(guard, elsewhere || settings.pool().isInline());
        this.clock =
                elsewhere || !failures.policy().hasTimeout() ? null : new AttemptTimer(failures, this::takeUncounted);
        this.tasks = new TaskRunner(settings, clock, relay, null);
        this.observation = new RunObservation(settings, guard, clock, relay);
    }

    // ---- for everybody ---------------------------------------------------------------------------------------------

    /** Whether the lane has claimed slots that it has not started. */
    public boolean hasUnstarted() {
        return claimed.hasUnstarted();
    }

    /** The lane's position in a batch, or {@code otherwise} if the lane is not in that batch. */
    public final int positionIn(Batch batch, int otherwise) {
        return claimed.positionIn(batch, otherwise);
    }

    /** For any thread, a hint: the place in a stage's queue of the range that the lane is at. */
    public int place() {
        return 0;
    }

    /** For the stall watch: whether the lane is still at the task of the last call. */
    public boolean hasStoodStill() {
        return claimed.hasStoodStill();
    }

    /** For the stall watch: shows the next stage what other lanes could continue with, because this lane is stalled. */
    public void share() {
        if (relay != null) {
            relay.show();
        }
    }

    /** Whether items wait for the next stage that the stage has not been shown. */
    public final boolean hasUnshown() {
        return relay != null && relay.hasUnshown();
    }

    /** For any thread: the name of the worker elsewhere that runs the tasks; null if the lane does. */
    protected @Nullable String workerName() {
        return null;
    }

    /** For any thread: since when the lane is at what it runs, given when its run began; both by the clock. */
    protected long since(long runBegan) {
        return runBegan;
    }

    // ---- entering and leaving a thread -----------------------------------------------------------------------------

    /** Called when the lane has entered its thread. */
    public void begin(@Nullable PoolJob outer) {
        if (clock != null) {
            clock.begin();
        }
        observation.enter();
    }

    /** Called when the lane leaves its thread. Returns whether the lane comes back to claimed slots, which it keeps. */
    public final boolean end(boolean comesBack) {
        publish();
        leaveWorker();
        guard.leave();
        boolean keeps = comesBack && hasLeft();
        if (!keeps) {
            giveBack();
            close();
        }
        if (clock != null) {
            clock.clear();
        }
        return keeps;
    }

    /** Whether the lane has to leave its thread, since a call of its function goes on without it. */
    public boolean isUnderWay() {
        return false;
    }

    /**
     * Lets the lane leave its thread until the call has ended, which then {@linkplain LanePool#resume resumes} it.
     * Returns false if it has ended. If this returns true, the lane may have been resumed already.
     */
    public boolean leave() {
        return false;
    }

    /** For any thread: stops what the lane runs for a batch that has ended. */
    public void interrupt(Batch ended) {
        guard.interrupt(ended);
    }

    /** Frees the remote worker that ran the lane's tasks, if any. */
    protected void leaveWorker() {}

    /** Puts claimed slots that the lane has not reached back into the queue. */
    protected void giveBack() {}

    /** Releases all references. */
    protected void close() {
        claimed.close();
        working = null;
    }

    /** Ends the batches whose tasks are unstarted or uncounted here, because the engine itself has failed. */
    protected void abort(Throwable broken) {
        abort(claimed, broken);
        if (working != null && uncounted > 0) {
            working.abort(broken);
        }
    }

    protected static void abort(ClaimedRange range, Throwable broken) {
        Batch batch = range.batch();
        if (batch != null && range.hasUnstarted()) {
            batch.abort(broken);
        }
    }

    // ---- finding work ----------------------------------------------------------------------------------------------

    /**
     * Claims slots that hold about {@code most} tasks; a queue of ranges may give some more. Returns how many slots.
     */
    public int claim(Batch front, int most, @Nullable WorkSources sources) {
        return claimed.claim(front, most, sources);
    }

    /** Claims a task whose next attempt is due: of any batch, or of {@code only}. */
    public boolean claimRetry(@Nullable Batch only) {
        return false; // tasks are not delayed, or go back into the queue of a stage
    }

    protected final boolean claimRetry(DelayedRetries retries, @Nullable Batch only) {
        for (DelayedRetry due = retries.poll(only); due != null; due = retries.poll(only)) {
            Batch home = due.home();
            if (home != null) {
                claimed.open(home, due.index(), due.index() + 1);
            }
            retries.claimed(due); // the lane is counted: a thread that looks for work finds the task or the lane
            if (home != null) {
                return true;
            }
        }
        return false;
    }

    /** Shares in what another lane has claimed and not started: in any batch, or in {@code only}. */
    public boolean shareIn(RangeRunner other, @Nullable Batch only) {
        return claimed.share(other.claimed, only);
    }

    /** Whether the last run has left claimed slots: a claim may be longer than a run. */
    public boolean hasLeft() {
        return false;
    }

    /** The batch whose slots the lane has claimed. */
    public final @Nullable Batch batch() {
        return claimed.batch();
    }

    protected final ClaimedRange claimed() {
        return claimed;
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    /**
     * Runs what has been claimed; if that may be long, at most {@code most} tasks. Returns how many tasks it has run.
     */
    public abstract int run(RunSizer sizer, int most);

    /** Fails the next claimed slot, because no lane can be started to run it. Returns false at the end. */
    public final boolean refuseNext(Throwable reason) {
        Batch batch = claimed.batch();
        int index = claimed.next();
        if (batch == null || index < 0) {
            return false;
        }
        if (batch.start(index)) {
            refuse(batch, index, batch.slots().filledChunk(index), reason);
        }
        return true;
    }

    /** Fails the content of a slot that has just been started. */
    protected void refuse(Batch batch, int index, Slots.Chunk chunk, Throwable reason) {
        settings.limiter().leave();
        settings.failures().refuse(batch, index, chunk.value(index), reason);
    }

    /**
     * Runs one task in the thread that scatters it, or in that of the preceding stage. Returns true if the task is
     * finished and has been counted.
     */
    public final boolean runHere(Batch batch, int index, @Nullable Object content) {
        workFor(batch);
        Slots.Chunk chunk = batch.slots().filledChunk(index);
        if (batch.isEnded()) {
            SlotCleanup.drop(batch, chunk, index, content, settings.observer());
            return false;
        }
        boolean over = observation.beginSingle(batch, tasks).run(batch, index, chunk, content);
        uncounted += over ? 1 : 0;
        count();
        batch.endIfBroken();
        return over;
    }

    /** Shows the next stage the items that wait for it. */
    protected final void publish() {
        if (relay != null) {
            relay.publish();
        }
    }

    /**
     * Takes over a call that has been made without this lane, and goes on with its task as if the lane had made it.
     */
    protected void adopt(ImmediateCall begun) {
        throw new UnsupportedOperationException("only for functions that do not block");
    }

    // ---- counting --------------------------------------------------------------------------------------------------

    /** Enters the batch whose tasks are run next. */
    protected final void workFor(Batch batch) {
        if (working != batch) {
            count();
            working = batch;
        }
        guard.enter(batch);
    }

    /** Whether the last task was one of that batch. */
    public final boolean isWorkingFor(Batch batch) {
        return working == batch;
    }

    /** Called when a task of the current batch is finished and has to be counted. */
    protected final void over(Batch batch, int index) {
        uncounted++;
        if (batch.isStreamed()) { // the listener must not be interrupted for the batch
            guard.leave();
            CallingThread.clearInterrupt();
            batch.settled(index);
            guard.enterAgain(batch);
        }
    }

    /** Counts the finished tasks of the current batch. */
    protected final void count() {
        Batch batch = working;
        int over = uncounted;
        if (over > 0 && batch != null) {
            uncounted = 0;
            if (batch.isEnded()) { // a discard hook, which must not be interrupted, may get its last results
                guard.leave();
            }
            batch.finished(over);
            if (!settings.pool().isInline()) {
                CallingThread.clearInterrupt(); // set by a subscriber
            }
        }
    }

    /**
     * For the timeout watch when it gives up the current task: takes over the number of finished tasks that have not
     * been counted.
     */
    private int takeUncounted() {
        int count = uncounted;
        uncounted = 0;
        return count;
    }

    // ---- parts -----------------------------------------------------------------------------------------------------

    protected final LaneSettings settings() {
        return settings;
    }

    protected final InterruptGuard guard() {
        return guard;
    }

    /** Observes tasks of a batch, if anybody wants to know of them; null if not. */
    protected final @Nullable LaneObserver observer(Batch batch) {
        return observation.each(batch);
    }

    final RunObservation observation() {
        return observation;
    }

    protected final TaskRunner tasks() {
        return tasks;
    }

    /** The timer of the lane's tasks; null if they are not timed. */
    public final @Nullable AttemptTimer clock() {
        return clock;
    }
}
