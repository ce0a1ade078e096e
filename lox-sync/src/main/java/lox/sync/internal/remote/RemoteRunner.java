package lox.sync.internal.remote;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import lox.sync.internal.claim.ClaimedTask;
import lox.sync.internal.claim.ClaimedTasks;
import lox.sync.internal.claim.TaskSource;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.ClaimedRange;
import lox.sync.internal.core.DelayedRetries;
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

// Longer than 350 lines: which run owns which slots at each step is one protocol, kept in one place.
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

    private final Lanes lanes;
    private final ClaimedRange claimed;
    private final ClaimedTasks claimedTasks;
    private final BorrowedWorker borrowed;
    private final RunLoader loader;
    private final TaskOutcomes outcomes;
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
        this.lanes = lanes;
        this.claimed = claimed();
        this.ofStage = other != null;
        this.claimedTasks = new ClaimedTasks(settings, lanes, claimed, other);
        this.borrowed = new BorrowedWorker(workers);
        this.loader = new RunLoader(settings, claimedTasks, this::fail);
        this.outcomes = new TaskOutcomes(settings, workers, claimedTasks, this::settle);
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

    /**
     * Recalls what the worker has not started, and with it come the results that it has kept back: so the only worker
     * of a pool is asked, too. On a shared thread, because it may have to wait.
     */
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
            ended += runSome(worker, sizer, batch::isEnded);
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
    private int runSome(RemoteWorker worker, RunSizer sizer, BooleanSupplier giveUp) {
        long begun = System.nanoTime();
        RemoteRun run;
        try {
            run = loader.open(worker, sizer.run(), giveUp);
        } catch (Throwable unserialisable) {
            return failWindow(unserialisable);
        }
        List<ClaimedTask> tasks = new ArrayList<>();
        int failed = loader.load(null, tasks, run);
        if (tasks.isEmpty()) {
            return failed;
        }
        Batch home = tasks.get(0).home();
        try {
            SentRun first = new SentRun(run, tasks, begun);
            inFlight.set(run, begun, worker.tripNanos());
            attempts = attemptsOf(home, worker);
            workFor(home);
            send(first, tasks.size() > 1);
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

    private @Nullable RemoteAttempts attemptsOf(Batch home, RemoteWorker worker) {
        LaneObserver observer = observer(home);
        return observer == null ? null : new RemoteAttempts(observer, guard(), home, worker.name());
    }

    private void send(SentRun sent, boolean watched) {
        if (watched) {
            lanes.watch(); // sending may take long
        }
        sent.run().send(sent.home()::isEnded);
        if (watched) {
            lanes.watch(); // which may have ended before the run had its tasks
        }
    }

    /**
     * Sends a run behind the first, if the way to the worker is long and there is enough to do. Returns null if it has
     * not sent any.
     */
    private @Nullable SentRun sendBehind(SentRun first, RemoteWorker worker, RunSizer sizer) {
        Batch batch = claimed.batch();
        boolean sends = !helping
                && worker.isFarAway()
                && !first.isCutShort()
                && sizer.hasShortTasks()
                && worker.isUsable()
                && batch != null
                && (claimed.hasUnstarted() || lanes.claimAhead(batch, this, sizer));
        if (!sends) {
            return null;
        }
        long begun = System.nanoTime();
        RemoteRun run = loader.open(worker, sizer.run(), first.home()::isEnded);
        List<ClaimedTask> tasks = new ArrayList<>();
        loader.load(first.home(), tasks, run);
        if (tasks.isEmpty()) {
            return null;
        }
        SentRun behind = new SentRun(run, tasks, begun);
        inFlight.setBehind(run);
        send(behind, true);
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
                    attempts = attemptsOf(first.home(), worker);
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
            outcomes.store(sent.task(sent.stored()), run, sent.stored(), attempts);
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
