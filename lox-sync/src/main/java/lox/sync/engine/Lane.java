package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * One worker's loop: claim the next full slots, run them, store the results, until nothing is left.
 *
 * <pre>
 *   (started) --&gt; searching --found--&gt; busy --nothing left--&gt; (left)
 *                     ^                 |  ^                      |
 *                     |                 +--+ the next window      |
 *                     +-------------------------------------------+ there is something after all
 * </pre>
 *
 * It keeps a batch's interrupts to that batch's tasks through its {@link Occupancy}, and clears the interrupt flag after every
 * task. Its thread can be any: a worker's as a rule; that of a task which gathers, when it helps; that of the caller, inline.
 */
final class Lane implements Runnable {
    private static final ThreadLocal<@Nullable Lane> CURRENT = new ThreadLocal<>();

    /** After this time a lane makes room if another Scatter of the same Workers waits for a place. */
    private static final long TURN_NANOS = 1_000_000;

    private final Dispatcher<?, ?> dispatcher;
    private final Occupancy occupancy = new Occupancy();
    private final TaskLoop tasks;
    private final @Nullable TaskClock clock;
    private @Nullable Lane outer;
    private boolean searching;

    @SuppressWarnings("this-escape") // the loop needs it for its tasks, later
    Lane(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
        this.tasks = new TaskLoop(dispatcher, this);
        TaskRunner runner = dispatcher.runner();
        this.clock = tasks.carrier() == null && runner.policy().hasTimeout() ? new TaskClock(this, runner) : null;
    }

    /** Whether the calling thread is in a task that occupies a place of this pool. */
    static boolean isWorkerOf(LanePool pool) {
        for (Lane lane = CURRENT.get(); lane != null; lane = lane.outer) {
            if (lane.dispatcher.pool() == pool) {
                return true;
            }
        }
        return false;
    }

    /** Whether the calling thread is in a task of this batch, or tells somebody of that task's result. */
    static boolean isInTaskOf(@Nullable Batch batch) {
        for (Lane lane = CURRENT.get(); lane != null; lane = lane.outer) {
            if (batch != null && lane.tasks.isWorkingFor(batch)) {
                return true;
            }
        }
        return false;
    }

    Occupancy occupancy() {
        return occupancy;
    }

    /** What it has claimed. */
    TaskLoop tasks() {
        return tasks;
    }

    /** Through which it hands on what is not at its end here. */
    Handover handover() {
        return tasks.handover();
    }

    /** Times its tasks; null where they may take as long as they like. */
    @Nullable
    TaskClock clock() {
        return clock;
    }

    /** Whether its thread is that of the one who scatters. */
    boolean isInline() {
        return dispatcher.pool().isInline();
    }

    // ---- entering and leaving a thread -----------------------------------------------------------------------------

    private void enter() {
        occupancy.begin();
        if (clock != null) {
            clock.begin();
        }
        outer = CURRENT.get();
        CURRENT.set(this);
        dispatcher.lanes().enter(this);
        Carrier carrier = tasks.carrier();
        if (carrier != null) {
            shareWorker(carrier);
        }
    }

    private void shareWorker(Carrier mine) {
        for (Lane lane = outer; lane != null; lane = lane.outer) {
            Carrier other = lane.tasks.carrier();
            if (other != null && lane.dispatcher.pool() == dispatcher.pool()) {
                mine.share(other);
                return;
            }
        }
    }

    /** {@code comesBack}: it has only made room, and others may share in what it has left meanwhile. */
    private void exit(boolean comesBack) {
        tasks.publish();
        Carrier carrier = tasks.carrier();
        if (carrier != null) {
            carrier.leave();
        }
        occupancy.leave();
        boolean keeps = comesBack && tasks.hasLeft();
        if (!keeps) {
            tasks.giveBack();
            tasks.close();
        }
        if (clock != null) {
            clock.clear();
        }
        if (!keeps) {
            dispatcher.lanes().exit(this);
        }
        if (CURRENT.get() != this) { // it never came in: no stack
            return;
        }
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
            if (isInterrupted(outer)) { // its interrupt may have been taken for one of this lane's tasks
                Thread.currentThread().interrupt();
            }
        }
        outer = null;
    }

    // ---- the loop --------------------------------------------------------------------------------------------------

    /** Works for the dispatcher until nothing is left. The crew has counted this lane as searching. */
    @Override
    public void run() {
        boolean flagged = Thread.interrupted(); // only on a thread that is not ours: it gets its flag back
        Lanes lanes = dispatcher.lanes();
        Pace pace = null;
        boolean again = false;
        searching = true;
        try {
            enter();
            pace = lanes.takePace();
            again = work(lanes, pace);
        } catch (Throwable broken) { // no memory for the engine itself: the work goes on, in a new lane
            again = lanes.leaveOrRejoin(searching);
            tasks.abort(broken);
            dispatcher.dialect().drop(broken);
        } finally {
            exit(again);
            if (pace != null) {
                lanes.leavePace(pace);
            }
        }
        if (flagged) {
            Thread.currentThread().interrupt();
        }
        if (again) {
            dispatcher.pool().requeue(this);
        }
    }

    /** True if the lane makes room for another Scatter and has to be run again. */
    private boolean work(Lanes lanes, Pace pace) {
        long begun = System.nanoTime();
        long before = begun;
        for (; ; ) {
            Batch front = dispatcher.fronts().next();
            if (lanes.findWork(front, tasks, pace)) {
                if (searching) {
                    searching = false;
                    lanes.found();
                }
                int ran = tasks.run(pace, lanes.runOf(pace));
                long now = System.nanoTime();
                lanes.finishedRun(front, pace, now - before, ran);
                before = !tasks.hasLeft() && lanes.keepDistance(front, pace, ran) ? System.nanoTime() : now;
                if (now - begun > TURN_NANOS && dispatcher.pool().isContended()) {
                    lanes.handOver();
                    searching = true;
                    return true;
                }
            } else {
                pace.foundNothing();
                if (dispatcher.fronts().next() == front && !lanes.linger()) {
                    dispatcher.fronts().removeIdle();
                    if (!lanes.leaveOrRejoin(searching)) {
                        return false;
                    }
                    searching = true;
                    before = System.nanoTime();
                }
            }
        }
    }

    /**
     * Works for one batch alone, in the thread of a task that would otherwise wait for it in the place of a worker it needs.
     * Returns when nothing of the batch is left to start, or when the task this thread is in has been interrupted.
     */
    void help(Batch batch) {
        Pace pace = dispatcher.lanes().newPace();
        enter();
        try {
            while (!batch.isEnded() && !isInterrupted(outer)) {
                if (dispatcher.lanes().findWorkIn(batch, tasks)) {
                    tasks.run(pace, 1);
                } else if (batch.isIncomplete()) {
                    Thread.onSpinWait(); // a producer is between its index and its slot
                } else {
                    break;
                }
            }
        } finally {
            exit(false);
        }
    }

    /**
     * Works for a later stage of a chain, in the thread of a task that waits for one of the chain's batches. Returns when there is
     * nothing to do for the moment: whether there was.
     */
    boolean helpStage(Batch home) {
        Pace pace = dispatcher.lanes().newPace();
        boolean found = false;
        enter();
        try {
            while (!home.isEnded()
                    && !isInterrupted(outer)
                    && dispatcher.lanes().findWorkIn(dispatcher.fronts().next(), tasks)) {
                found = true;
                tasks.run(pace, 1);
            }
        } finally {
            exit(false);
        }
        return found;
    }

    /** Whether a task has been interrupted that this thread is in, or one that waits for it deeper in the stack. */
    private static boolean isInterrupted(@Nullable Lane task) {
        for (Lane lane = task; lane != null; lane = lane.outer) {
            if (lane.occupancy.isInterrupted() || (lane.clock != null && lane.clock.isOver())) {
                return true;
            }
        }
        return false;
    }

    /** Runs one task in the thread that scatters it, or in that of the stage before. */
    void runHere(Batch batch, int index, @Nullable Object content) {
        boolean over = false;
        try {
            enter();
            over = tasks.runHere(batch, index, content);
        } catch (Throwable failure) { // no stack, no memory: else the slot may never be finished, nor the batch end
            batch.broken = failure;
            batch.abort(failure);
        } finally {
            exit(false);
        }
        if (over && batch.isStreamed()) {
            batch.settled(index);
        }
    }

    /** Fails everything that has not been claimed, because no lane can be had to run it. */
    void refuseAll(Throwable reason) {
        while (tasks.claim(dispatcher.fronts().next(), 1) > 0) {
            Batch batch = tasks.batch();
            int index = tasks.next();
            if (batch != null && batch.start(index)) {
                Slots.Chunk chunk = batch.slots().filledChunk(index);
                Object content = chunk.value(index);
                Stage stage = dispatcher.stage();
                if (stage != null && content instanceof Span span) {
                    chunk.finish(index, null, Slots.DONE);
                    batch.finished(1);
                    stage.refuse(span, reason);
                } else {
                    dispatcher.intake().leave();
                    dispatcher.runner().refuse(batch, index, content, reason, 1, 1);
                }
            }
        }
    }
}
