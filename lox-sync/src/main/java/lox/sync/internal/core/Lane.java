package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import lox.sync.internal.observe.WorkerName;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.pool.RunningTask;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: how a lane enters and leaves a thread, and its loops, share one state that is not to be
// spread.
/**
 * One worker's loop: claims the next full slots, runs their tasks and stores the results, until nothing is left.
 *
 * <pre>
 *   (started) --&gt; searching --found--&gt; busy --nothing left--&gt; (left)
 *                     ^                 |  ^                      |
 *                     |                 +--+ the next range      |
 *                     +-------------------------------------------+ there is something after all
 * </pre>
 *
 * A busy lane whose function does not block leaves its thread while a call is under way. It keeps its place, and is
 * resumed on the thread that ends the call.
 *
 * The {@link InterruptGuard} confines a batch's interrupts to that batch's tasks, and the lane clears the interrupt
 * flag after every task. A lane may run on any thread: normally a worker's, that of a gathering task when it helps, or
 * the caller's when inline.
 */
public final class Lane extends PoolJob {
    /** After this time a lane yields if another Scatter of the same Workers waits for a place. */
    private static final long TURN_NANOS = 1_000_000;

    private static final VarHandle RUN_BEGAN;

    static {
        try {
            RUN_BEGAN = MethodHandles.lookup().findVarHandle(Lane.class, "runBegan", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LaneSettings settings;
    private final Lanes lanes;
    private final WorkSources sources;
    private final InterruptGuard guard = new InterruptGuard();
    private final RangeRunner tasks;
    private final boolean asynchronous;
    private @Nullable ClassLoader loader; // the thread's context class loader, which a task may change
    private boolean searching = true;
    private boolean looksAgain;
    private boolean inTurn;
    private long turnBegun;

    @SuppressWarnings("unused") // through RUN_BEGAN
    private long runBegan; // by the clock; 0 between two runs; read by other threads

    private @Nullable RunSizer untimed; // of a lane whose function does not block

    /** What becomes of a lane that leaves its thread. */
    private enum Rest {
        /** Nothing is left to do. */
        OVER,
        /** It gives up its place, since another Scatter waits for one, and has to be run again. */
        YIELDS,
        /** It keeps its place, lets the lanes run that wait for its thread, and goes on after them. */
        PAUSES,
        /** It keeps its place, and is resumed when the call of its function has ended. */
        AWAITS;

        boolean keepsPlace() {
            return this == PAUSES || this == AWAITS;
        }
    }

    Lane(LaneSettings settings, Lanes lanes, WorkSources sources, RunnerFactory runners) {
        super(settings.pool());
        this.settings = settings;
        this.lanes = lanes;
        this.sources = sources;
        this.tasks = runners.make(settings, lanes, guard);
        this.asynchronous = settings.pool().isAsynchronous();
    }

    /** Whether the calling thread is in a task of this batch, or is delivering that task's result. */
    public static boolean isInTaskOf(@Nullable Batch batch) {
        for (PoolJob job = current(); job != null; job = job.outer()) {
            if (batch != null && job instanceof Lane lane && lane.tasks.isWorkingFor(batch)) {
                return true;
            }
            if (batch != null && job instanceof ImmediateCall call && call.batch() == batch) {
                return true;
            }
        }
        return false;
    }

    InterruptGuard guard() {
        return guard;
    }

    /** The runner of the slots that this lane has claimed. */
    public RangeRunner tasks() {
        return tasks;
    }

    // ---- entering and leaving a thread -----------------------------------------------------------------------------

    private void enter() {
        guard.begin();
        loader = Thread.currentThread().getContextClassLoader();
        enterThread();
        tasks.begin(outer());
        lanes.enter(this);
    }

    /** While the lane yields, others may share in what it has left. */
    private void exit(Rest rest) {
        if (!rest.keepsPlace()) {
            if (!tasks.end(rest == Rest.YIELDS)) {
                lanes.exit(this);
            }
        }
        if (!isInThread()) { // it never entered: no stack
            return;
        }
        PoolJob outer = leaveThread();
        if (isInterrupted(outer)) { // its interrupt may have been cleared by this lane
            Thread.currentThread().interrupt();
        }
        ClassLoader former = loader;
        loader = null;
        if (Thread.currentThread().getContextClassLoader() != former) {
            Thread.currentThread().setContextClassLoader(former);
        }
    }

    // ---- the loop --------------------------------------------------------------------------------------------------

    /**
     * Runs the lane, within the library's schedule hooks, until nothing is left. The lane count has this lane as
     * searching. If a hook throws, or the job that it returns ends without running the lane, the lane counts as
     * rejected.
     */
    @Override
    public void run() {
        runInPlace();
    }

    @Override
    public boolean runInPlace() {
        return asynchronous ? runAsynchronously() : runInTurn();
    }

    /** Where no hook is shown the lane. */
    private boolean runAsynchronously() {
        Rest rest;
        do {
            rest = work();
        } while (rest == Rest.AWAITS && !tasks.leave());
        if (rest == Rest.AWAITS) { // another thread may run it by now
            return false;
        }
        if (rest == Rest.YIELDS) {
            settings.pool().requeue(this);
        } else if (rest == Rest.PAUSES) {
            settings.pool().resume(this, settings.pool().hasRoomToResume());
            return false;
        } else {
            searching = true; // when it is started again
            lanes.park(this);
        }
        return true;
    }

    /** Goes on in the place of a call that is under way. Returns false if it keeps the place, as {@code runInPlace}. */
    boolean adopt(ImmediateCall begun) {
        Rest rest = Rest.OVER;
        try {
            enter();
            tasks.adopt(begun);
            rest = Rest.AWAITS;
        } catch (Throwable broken) { // no memory for the engine itself
            tasks.abort(broken);
            begun.abort(broken);
            settings.dialect().drop(broken);
        } finally {
            exit(rest);
        }
        if (rest == Rest.AWAITS) {
            searching = false;
            lanes.joinBusy(); // before it leaves: another thread may run it from then on
        }
        lanes.launchForWhatFollows(begun.batch(), begun.index());
        if (rest == Rest.AWAITS) {
            return !tasks.leave() && runAsynchronously();
        }
        lanes.park(this);
        return true;
    }

    private boolean runInTurn() {
        Turn turn = new Turn();
        Throwable thrown = null;
        try {
            settings.pool().shown(turn, settings.dialect()).run();
        } catch (Throwable ofTheHook) {
            thrown = ofTheHook;
        }
        if (turn.compareAndSet(false, true)) { // from now on it does not run
            refuse(thrown != null ? thrown : new RejectedExecutionException("a schedule hook did not run the " + this));
        } else {
            if (turn.again) {
                settings.pool().requeue(this);
            }
            if (thrown != null) {
                Uncaught.report(thrown);
            }
        }
        return true;
    }

    /** One execution of the lane, as shown to the schedule hooks. True once it has begun, or if it never will. */
    private final class Turn extends AtomicBoolean implements Runnable {
        private static final long serialVersionUID = 1L;

        private boolean again; // used by the thread that runs it

        @Override
        public void run() {
            if (compareAndSet(false, true)) {
                again = work() == Rest.YIELDS;
            }
        }

        @Override
        public String toString() {
            return Lane.this.toString();
        }
    }

    /**
     * Called when this lane was counted as searching and will not run. Other lanes may then take what it has claimed.
     */
    @Override
    public void refuse(Throwable reason) {
        tasks.giveBack();
        tasks.close();
        lanes.exit(this);
        lanes.refused(reason);
    }

    private Rest work() {
        boolean flagged = Thread.interrupted(); // only on a foreign thread, which gets its flag back
        RunSizer sizer = null;
        Rest rest = Rest.OVER;
        try {
            enter();
            if (asynchronous) {
                rest = workUntimed();
            } else {
                sizer = lanes.takeSizer();
                rest = work(sizer);
            }
        } catch (Throwable broken) { // no memory for the engine itself: the lane is run again if work is left
            rest = lanes.leaveOrRejoin(searching) ? Rest.YIELDS : Rest.OVER;
            searching = true;
            tasks.abort(broken);
            settings.dialect().drop(broken);
        } finally {
            looksAgain = false;
            RUN_BEGAN.setOpaque(this, 0L);
            exit(rest);
            if (sizer != null) {
                lanes.leaveSizer(sizer);
            }
        }
        if (flagged) {
            Thread.currentThread().interrupt();
        }
        return rest;
    }

    private Rest work(RunSizer sizer) {
        long begun = System.nanoTime();
        long before = begun;
        for (; ; ) {
            Batch front = sources.next();
            if (lanes.findWork(front, tasks, sizer)) {
                if (searching) {
                    searching = false;
                    lanes.found();
                }
                int most = lanes.runOf(sizer);
                RUN_BEGAN.setOpaque(this, before);
                int ran = tasks.run(sizer, most);
                if (front instanceof Submission) {
                    ran += runSubmissions(sizer, most - ran);
                }
                RUN_BEGAN.setOpaque(this, 0L);
                long now = System.nanoTime();
                lanes.finishedRun(front, sizer, now - before, ran);
                before = !tasks.hasLeft() && lanes.keepDistance(front, sizer, ran) ? System.nanoTime() : now;
                if (now - begun > TURN_NANOS && settings.pool().isContended()) {
                    lanes.handOver();
                    searching = true;
                    return Rest.YIELDS;
                }
            } else {
                sizer.foundNothing();
                if (sources.next() == front && !lanes.linger()) {
                    sources.removeIdle();
                    if (!lanes.leaveOrRejoin(searching)) {
                        return Rest.OVER;
                    }
                    searching = true;
                    before = System.nanoTime();
                }
            }
        }
    }

    /** The loop of a lane whose function does not block: what it does takes no time worth a measurement. */
    private Rest workUntimed() {
        RunSizer sizer = untimed;
        if (sizer == null) {
            sizer = lanes.newSizer();
            untimed = sizer;
        }
        for (; ; ) {
            Batch front = sources.next();
            if (lanes.findWork(front, tasks, sizer)) {
                if (searching) {
                    searching = false;
                    lanes.found();
                }
                looksAgain = true;
                tasks.run(sizer, 1);
                looksAgain = false;
                if (tasks.isUnderWay()) {
                    lanes.launchForMore();
                    return Rest.AWAITS;
                }
                Rest others = makeRoom();
                if (others != Rest.OVER) {
                    return others;
                }
            } else if (sources.next() == front) {
                sources.removeIdleButOneMap();
                if (!lanes.leaveOrRejoin(searching)) {
                    return Rest.OVER;
                }
                searching = true;
            }
        }
    }

    /** Lets others run that wait for this lane's place, or for its thread, when it has been at work for some time. */
    private Rest makeRoom() {
        boolean contended = settings.pool().isContended();
        if (!contended && !settings.pool().isWaitedFor()) {
            inTurn = false;
            return Rest.OVER;
        }
        long now = System.nanoTime();
        if (!inTurn) {
            inTurn = true;
            turnBegun = now;
        } else if (now - turnBegun > TURN_NANOS) {
            inTurn = false;
            if (!contended) {
                return Rest.PAUSES;
            }
            lanes.handOver();
            searching = true;
            return Rest.YIELDS;
        }
        return Rest.OVER;
    }

    /** Whether the calling thread, which is in this lane, will look for work of these lanes once more. */
    boolean looksAgain(Lanes of) {
        return looksAgain && lanes == of;
    }

    /**
     * Runs the other submissions that are due and belong to the same run. Each is claimed only when its turn comes, so
     * none waits behind a long task while other lanes could run it.
     */
    private int runSubmissions(RunSizer sizer, int most) {
        int ran = 0;
        while (ran < most && lanes.runOf(sizer) > 1) {
            Batch next = sources.next();
            if (!(next instanceof Submission) || tasks.claim(next, 1, sources) == 0) {
                break;
            }
            ran += tasks.run(sizer, 1);
        }
        return ran;
    }

    /**
     * Works for one batch only, in the thread of a task that would otherwise block a worker that the batch needs.
     * Returns when the batch has ended or has nothing left to start, or when the thread's own task has been
     * interrupted.
     */
    void help(Batch batch) {
        RunSizer sizer = lanes.newSizer();
        enter();
        try {
            while (!batch.isEnded() && !isInterrupted(outer())) {
                if (lanes.findWorkIn(batch, tasks)) {
                    tasks.run(sizer, 1);
                } else if (batch.isIncomplete()) {
                    Thread.onSpinWait(); // a producer is between its index and its slot
                } else {
                    break;
                }
            }
        } finally {
            exit(Rest.OVER);
        }
        if (batch.isSingle()) {
            lanes.launchForMore(); // which releases it
        }
    }

    /**
     * Works for a later stage of a chain, in the thread of a task that waits for one of the chain's batches. Returns
     * when there is nothing to do at present: true if there was something.
     */
    public boolean helpStage(Batch home) {
        RunSizer sizer = lanes.newSizer();
        boolean found = false;
        enter();
        try {
            while (!home.isEnded() && !isInterrupted(outer()) && lanes.findWorkIn(sources.next(), tasks)) {
                found = true;
                tasks.run(sizer, 1);
            }
        } finally {
            exit(Rest.OVER);
        }
        return found;
    }

    /**
     * Whether a task of this thread has been interrupted: the given one, or one that waits for it deeper in the stack.
     */
    static boolean isInterrupted(@Nullable PoolJob task) {
        for (PoolJob job = task; job != null; job = job.outer()) {
            if (job instanceof Lane lane && lane.isTaskOver()) {
                return true;
            }
        }
        return false;
    }

    private boolean isTaskOver() {
        AttemptTimer clock = tasks.clock();
        return guard.isInterrupted() || (clock != null && clock.isOver());
    }

    /** Runs one task in the thread that scatters it, or in that of the preceding stage. */
    public void runHere(Batch batch, int index, @Nullable Object content) {
        boolean over = false;
        try {
            enter();
            over = tasks.runHere(batch, index, content);
        } catch (Throwable failure) { // no stack, no memory: otherwise slot and batch might never end
            batch.broken = failure;
            batch.abort(failure);
        } finally {
            exit(Rest.OVER);
        }
        if (over && batch.isStreamed()) {
            batch.settled(index);
        }
    }

    /** For any thread: what this lane is at; null if it looks for work, or that is not known. */
    @Nullable
    RunningTask running() {
        long since = (long) RUN_BEGAN.getOpaque(this);
        Thread thread = guard.thread();
        if (since == 0 || thread == null) {
            return null;
        }
        String elsewhere = tasks.workerName();
        String worker = elsewhere == null ? WorkerName.of(thread) : elsewhere;
        return new RunningTask(worker, settings.observer().name(), tasks.since(since));
    }

    @Override
    public String toString() {
        return "lane of \"" + settings.pool().name() + "\"";
    }

    /** Fails everything that has not been claimed, because no lane can be started to run it. */
    void refuseAll(Throwable reason) {
        while (tasks.claimRetry(null) || tasks.claim(sources.next(), 1, null) > 0) {
            tasks.refuseNext(reason);
        }
    }
}
