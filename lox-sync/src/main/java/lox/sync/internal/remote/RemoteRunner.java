package lox.sync.internal.remote;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import lox.sync.event.TaskEnd;
import lox.sync.internal.claim.ClaimedTask;
import lox.sync.internal.claim.ClaimedTasks;
import lox.sync.internal.claim.TaskSource;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ClaimedRange;
import lox.sync.internal.core.DelayedRetries;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.InterruptEcho;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.core.Lane;
import lox.sync.internal.core.LaneSettings;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.RangeRunner;
import lox.sync.internal.core.RunSizer;
import lox.sync.internal.observe.LaneObserver;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.slot.Slots;
import lox.sync.internal.time.SharedThreads;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.RemoteWorkers;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of a lane's claimed range in a {@link RemoteWorker}: takes full slots, sends their arguments, stores
 * the results that come back. It borrows a worker when it first needs one, and keeps it until the lane leaves.
 *
 * <pre>
 *            take              result has come
 *   FULL -----------&gt; CLAIMED -----------------&gt; DONE, FAILED
 *     ^                  |
 *     +------------------+
 *        put back: recalled, or its worker has gone, or it may try again; perhaps DELAYED first
 * </pre>
 *
 * The way to some workers is long. While a worker is at a run, the lane then sends the next one behind it:
 *
 * <pre>
 *          send            send behind
 *   NONE --------&gt; FIRST ---------------&gt; FIRST and BEHIND
 *    ^             |   ^                         |
 *    +-------------+   +-------------------------+
 *     the first is over   the first is over: the one behind takes its place
 * </pre>
 *
 * <b>Invariants.</b> Only the lane's own thread takes, settles and puts back slots. A slot is put back only when its
 * run says that its task has not been started and never will be there. So a task never runs in two places.
 *
 * <p>Both runs hold tasks of one batch and are in one worker, which runs them in that order. So results of the one
 * behind come after the first is over, and until then only its limit moves: to zero, if it is recalled or the worker is
 * gone. The end of the batch stops both, and the watch recalls both. When the worker dies, the task that it ran fails:
 * the first one of the two runs that has no result; the others are put back. If the lane fails, it ends the batch,
 * which has all slots of both.
 *
 * <p>No run is under way when the lane is not in {@link #run}: it looks for other work, yields and leaves with nothing
 * under way.
 */
public final class RemoteRunner extends RangeRunner {
    /**
     * How long no worker is requested after a refusal: waiting tasks fail at once instead of after several tries each.
     */
    private static final long REFUSAL_NANOS = 1_000_000_000;

    /** Over a shorter trip a run sent behind another one gains nothing. */
    private static final long LONG_TRIP_NANOS = 250_000;

    private final RemoteWorkers workers;
    private final Lanes lanes;
    private final ClaimedRange claimed;
    private final ClaimedTasks claimedTasks;
    private final BorrowedWorker borrowed;
    private @Nullable RemoteAttempts attempts; // of the run; null unless somebody observes
    private final InFlightRuns inFlight = new InFlightRuns();
    private final boolean ofStage;
    private boolean helping; // in the thread of a task that waits: it does no more than it has to
    private @Nullable Throwable refusal; // why no worker could be borrowed
    private long refusedAt;

    /** Creates the runner of one lane; with another source if the slots hold no tasks of their own. */
    public RemoteRunner(
            LaneSettings settings,
            Lanes lanes,
            InterruptGuard guard,
            RemoteWorkers workers,
            @Nullable TaskSource other) {
        super(settings, guard, true);
        this.workers = workers;
        this.lanes = lanes;
        this.claimed = claimed();
        this.ofStage = other != null;
        this.claimedTasks = new ClaimedTasks(settings, lanes, claimed, other);
        this.borrowed = new BorrowedWorker(workers);
    }

    /** Uses the worker of another lane on the same thread. */
    @Override
    public void begin(@Nullable PoolJob outer) {
        super.begin(outer);
        helping = outer != null;
        for (PoolJob job = outer; job != null; job = job.outer()) {
            if (job.isOf(settings().pool()) && job instanceof Lane lane && lane.tasks() instanceof RemoteRunner other) {
                borrowed.share(other.borrowed);
                return;
            }
        }
    }

    @Override
    public void leaveWorker() {
        borrowed.giveBack();
    }

    @Override
    protected @Nullable String workerName() {
        return borrowed.name();
    }

    @Override
    protected long since(long runBegan) {
        return Math.max(runBegan, inFlight.begun());
    }

    // ---- what the watch asks ---------------------------------------------------------------------------------------

    @Override
    public boolean hasUnstarted() {
        return super.hasUnstarted() || inFlight.hasUnstarted();
    }

    @Override
    public boolean hasStoodStill() {
        return inFlight.hasStoodStill();
    }

    /** On a shared thread, because it may have to wait. */
    @Override
    public void share() {
        super.share();
        if (inFlight.hasUnstarted()) {
            SharedThreads.elsewhere(inFlight::recall);
        }
    }

    @Override
    public boolean claimRetry(@Nullable Batch only) {
        DelayedRetries retries = settings().retries();
        return retries != null && !ofStage && claimRetry(retries, only);
    }

    // ---- the claimed ------------------------------------------------------------------------------------------------

    @Override
    public int run(RunSizer sizer, int most) {
        Batch batch = claimed.batch();
        if (batch == null) {
            return 0;
        }
        int ended = run(batch, sizer);
        Thread.interrupted();
        count();
        return ended;
    }

    @Override
    public void refuse(Batch batch, int index, Slots.Chunk chunk, Throwable reason) {
        claimedTasks.refuse(batch, index, chunk, reason);
    }

    /** Runs the tasks of the claimed range. Returns how many have ended. */
    private int run(Batch batch, RunSizer sizer) {
        int ended = 0;
        while (claimed.hasUnstarted()) {
            RemoteWorker worker = refusal == null || isOld() ? borrow(batch) : null;
            Throwable refused = refusal;
            if (refused != null) {
                return ended + failWindow(refused);
            }
            if (worker == null) {
                break; // the batch has ended, or other lanes have taken the rest
            }
            ended += runSome(worker, sizer);
        }
        return ended;
    }

    /** Borrows a worker. Null if none is wanted any more, or none can be borrowed, which is then recorded. */
    private @Nullable RemoteWorker borrow(Batch batch) {
        refusal = null;
        try {
            return borrowed.take(() -> claimed.hasUnstarted() && !batch.isEnded());
        } catch (Throwable refused) {
            refusal = refused;
            refusedAt = System.nanoTime();
            return null;
        }
    }

    private boolean isOld() {
        return System.nanoTime() - refusedAt > REFUSAL_NANOS;
    }

    /** Sends a run, and perhaps others behind it, and stores their results. Returns how many tasks have ended. */
    private int runSome(RemoteWorker worker, RunSizer sizer) {
        long begun = System.nanoTime();
        RemoteRun run;
        try {
            run = open(worker, sizer);
        } catch (Throwable unserialisable) {
            return failWindow(unserialisable);
        }
        List<ClaimedTask> tasks = new ArrayList<>();
        int failed = loadOrAbort(null, tasks, run);
        if (tasks.isEmpty()) {
            return failed;
        }
        SentRun first = new SentRun(run, tasks, begun);
        Batch home = first.home();
        inFlight.set(run, begun, worker.tripNanos());
        attempts = attempts(home, worker);
        if (tasks.size() > 1) {
            lanes.watch();
        }
        try {
            workFor(home);
            run.send(home::isEnded);
            return failed + collect(worker, sizer, first);
        } catch (Throwable broken) { // no memory for the engine itself: slots are taken that no thread will settle
            home.abort(broken);
            inFlight.stop();
            if (attempts != null) {
                attempts.breakOff(broken);
            }
            throw broken;
        } finally {
            attempts = null;
            inFlight.clear();
        }
    }

    private RemoteRun open(RemoteWorker worker, RunSizer sizer) {
        return settings().observer().isListened()
                ? worker.openTimed(settings().work(), sizer.run())
                : worker.open(settings().work(), sizer.run());
    }

    private @Nullable RemoteAttempts attempts(Batch home, RemoteWorker worker) {
        LaneObserver observer = observer(home);
        return observer == null ? null : new RemoteAttempts(observer, guard(), home, worker.name());
    }

    /**
     * Sends a run behind the first, if the way to the worker is long and there is enough to do. Returns null if it has
     * not sent any.
     */
    private @Nullable SentRun sendBehind(SentRun first, RemoteWorker worker, RunSizer sizer) {
        Batch batch = claimed.batch();
        boolean sends = !helping
                && worker.tripNanos() >= LONG_TRIP_NANOS
                && !first.isCutShort()
                && sizer.hasShortTasks()
                && worker.isUsable()
                && batch != null
                && (claimed.hasUnstarted() || lanes.claimAhead(batch, this, sizer));
        if (!sends) {
            return null;
        }
        long begun = System.nanoTime();
        RemoteRun run = open(worker, sizer);
        List<ClaimedTask> tasks = new ArrayList<>();
        loadOrAbort(first.home(), tasks, run);
        if (tasks.isEmpty()) {
            return null;
        }
        SentRun behind = new SentRun(run, tasks, begun);
        inFlight.setBehind(run);
        lanes.watch();
        run.send(first.home()::isEnded);
        return behind;
    }

    /** Fails each task of the claimed range, because the function cannot be serialised or no worker can be borrowed. */
    private int failWindow(Throwable reason) {
        int failed = 0;
        for (ClaimedTask task = claimedTasks.next(null); task != null; task = claimedTasks.next(null)) {
            fail(task, reason);
            failed++;
        }
        return failed;
    }

    private void fail(ClaimedTask task, Throwable reason) {
        workFor(task.home());
        tellRefusal(task, reason);
        try {
            settle(task, null, reason);
        } catch (Throwable broken) { // the slot is taken, and no other thread will settle it
            task.home().abort(broken);
            throw broken;
        }
        count();
    }

    /**
     * Moves tasks of one batch from the claimed range into the run: of that one, or of any if that is null. Returns how
     * many could not be sent, and have failed.
     */
    private int loadOrAbort(@Nullable Batch only, List<ClaimedTask> loaded, RemoteRun run) {
        try {
            return load(only, loaded, run);
        } catch (Throwable broken) { // slots are taken that no thread will settle
            loaded.forEach(task -> task.home().abort(broken));
            throw broken;
        }
    }

    private int load(@Nullable Batch only, List<ClaimedTask> loaded, RemoteRun run) {
        int failed = 0;
        while (!run.isFull()) {
            ClaimedTask task =
                    claimedTasks.next(loaded.isEmpty() ? only : loaded.get(0).home());
            if (task == null) {
                break;
            }
            loaded.add(task); // first: every task of the run must be in this list
            try {
                run.add(Envelope.argumentIn(task.content()));
            } catch (Throwable unserialisable) {
                loaded.remove(loaded.size() - 1);
                fail(task, unserialisable);
                failed++;
            }
        }
        return failed;
    }

    // ---- results ---------------------------------------------------------------------------------------------------

    /**
     * Stores the results of a run until it is over, then of the one that was sent behind it, and so on. Returns how
     * many tasks have ended.
     */
    private int collect(RemoteWorker worker, RunSizer sizer, SentRun sent) {
        int ended = 0;
        long since = sent.begun();
        SentRun first = sent;
        SentRun behind = null;
        while (first != null) {
            update(first);
            if (behind != null) {
                putBack(behind, behind.run().limit(), null);
            }
            if (!first.isOver()) {
                VarHandle.fullFence(); // the lane is back in its batch before it checks whether the batch has ended
                if (first.home().isEnded()) {
                    stop(first, behind);
                } else if (behind == null) {
                    behind = sendBehind(first, worker, sizer);
                }
                await(first, behind);
            } else {
                long now = System.nanoTime();
                long trip = worker.tripNanos();
                sizer.after(now - since, first.stored(), first.run().bytes(), trip);
                ended += first.stored();
                first = behind;
                behind = null;
                if (first != null) { // which the worker could not begin before it had ended the one before
                    since = Math.max(first.begun(), now - trip);
                    inFlight.set(first.run(), now, trip);
                    attempts = attempts(first.home(), worker);
                }
            }
        }
        return ended;
    }

    /** Stores the results that have come since the last call, and puts back what has not been started. */
    private void update(SentRun sent) {
        RemoteRun run = sent.run();
        int limit = run.limit(); // read before the results: tasks that the worker has started stay below it
        int settled = run.settled();
        while (sent.stored() < settled) {
            store(sent.task(sent.stored()), run, sent.stored());
            sent.hasStored();
        }
        count();
        putBack(sent, limit, attempts);
    }

    /** Puts back the tasks from that one on, which the worker has not started, whatever it was thought to be at. */
    private void putBack(SentRun sent, int limit, @Nullable RemoteAttempts told) {
        // from the end, so that the claimed range is open over each slot before the slot can be seen to be full
        for (int i = sent.kept() - 1; i >= limit; i--) {
            if (told != null) {
                told.putBack(i);
            }
            claimedTasks.putBack(sent.task(i));
        }
        sent.keepOnly(Math.min(sent.kept(), limit));
    }

    private static void stop(SentRun first, @Nullable SentRun behind) {
        if (behind != null) {
            behind.stop();
        }
        first.stop();
    }

    private void await(SentRun first, @Nullable SentRun behind) {
        if (attempts != null) {
            attempts.start(first.stored(), first.task(first.stored()));
        }
        if (behind == null) {
            first.run().await(first.stored(), first.kept());
        } else {
            first.run().await(first.stored(), first.kept(), behind.run(), behind.kept());
        }
    }

    /** Stores the result of one task, or puts the task back if it may be retried. */
    private void store(ClaimedTask task, RemoteRun run, int at) {
        Object value = null;
        Throwable failure = null;
        TaskEnd end = TaskEnd.FAILED;
        if (attempts != null) {
            attempts.start(at, task);
        }
        try {
            value = run.result(at);
            end = TaskEnd.SUCCEEDED;
        } catch (RemoteRun.TimedOut late) {
            failure = settings().failures().timeout(task.home(), task.index());
            end = TaskEnd.TIMED_OUT;
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (failure == null || !tryAgain(task, failure, run.ranNanos(at))) {
            if (attempts != null) {
                attempts.end(failure == null ? end : endOf(task.home(), end, failure), run.ranNanos(at), failure);
            }
            settle(task, value, failure);
        }
        Thread.interrupted(); // set by a listener, or by the end of a batch, which is detected in another way
    }

    /** Puts a failed task back, now or later, if it may be tried again. Returns false if it may not. */
    private boolean tryAgain(ClaimedTask task, Throwable failure, long ranNanos) {
        int before = Envelope.failuresOf(task.content());
        boolean crashed = !task.home().isEnded() && workers.mayRetry(failure, before);
        if (!crashed && !claimedTasks.mayTryAgain(task, failure)) {
            return false;
        }
        if (attempts != null) {
            attempts.end(TaskEnd.RETRIED, ranNanos, failure);
        }
        if (crashed) {
            claimedTasks.putBackAfter(task, before + 1);
        } else {
            claimedTasks.tryAgain(task);
        }
        return true;
    }

    private TaskEnd endOf(Batch home, TaskEnd end, Throwable failure) {
        if (end == TaskEnd.FAILED && workers.isCrash(failure)) {
            return TaskEnd.CRASHED;
        }
        return end == TaskEnd.FAILED && home.isEnded() && InterruptEcho.isEcho(failure) ? TaskEnd.CANCELLED : end;
    }

    /** Tells that a task has failed before it could be sent. */
    private void tellRefusal(ClaimedTask task, Throwable reason) {
        if (settings().observer().isListened()) {
            guard().leave(); // a listener must not be interrupted for the batch
            settings().failures().tellRefusal(task.home(), task.index(), task.content(), reason);
            guard().enter(task.home());
        }
    }

    private void settle(ClaimedTask task, @Nullable Object value, @Nullable Throwable failure) {
        Batch home = task.home();
        if (tasks().settle(home, task.index(), task.chunk(), task.content(), value, failure)) {
            over(home, task.index());
            VarHandle.fullFence(); // the lane is back in its batch before it checks again whether the batch has ended
        }
    }
}
