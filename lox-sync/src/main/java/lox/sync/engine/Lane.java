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
    private final Window window = new Window();
    private final Occupancy occupancy = new Occupancy();
    private @Nullable Lane outer;
    private @Nullable Batch working;
    private boolean searching;

    Lane(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** The lane that runs the task the calling thread is in, or null. */
    static @Nullable Lane current() {
        return CURRENT.get();
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

    /** The lane whose task called for this one, deeper in the same thread's stack, or null. */
    @Nullable
    Lane outer() {
        return outer;
    }

    Window window() {
        return window;
    }

    /** For its own thread: whether it is in a task of this batch, or tells somebody of that task's result. */
    boolean isWorkingFor(Batch batch) {
        return working == batch;
    }

    Occupancy occupancy() {
        return occupancy;
    }

    // ---- entering and leaving a thread -----------------------------------------------------------------------------

    private void enter() {
        occupancy.begin();
        outer = CURRENT.get();
        CURRENT.set(this);
        dispatcher.lanes().enter(this);
    }

    private void exit() {
        occupancy.leave();
        window.close();
        working = null;
        dispatcher.lanes().exit(this);
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
        boolean again;
        searching = true;
        try {
            enter();
            pace = lanes.takePace();
            again = work(lanes, pace);
        } catch (Throwable broken) { // no memory for the engine itself: the work goes on, in a new lane
            again = lanes.leaveOrRejoin(searching);
            Batch batch = window.batch();
            if (batch != null && window.hasUnstarted()) {
                batch.abort(broken);
            }
            dispatcher.dialect().drop(broken);
        } finally {
            exit();
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
            Batch front = dispatcher.batches().front();
            if (lanes.findWork(front, window, pace)) {
                if (searching) {
                    searching = false;
                    lanes.found();
                }
                int ran = runWindow();
                long now = System.nanoTime();
                lanes.finishedRun(front, pace, now - before, ran);
                before = lanes.keepDistance(front, pace, ran) ? System.nanoTime() : now;
                if (now - begun > TURN_NANOS && dispatcher.pool().isContended()) {
                    lanes.handOver();
                    searching = true;
                    return true;
                }
            } else if (dispatcher.batches().front() == front && !lanes.linger()) {
                if (!lanes.leaveOrRejoin(searching)) {
                    return false;
                }
                searching = true;
                before = System.nanoTime();
            }
        }
    }

    /**
     * Works for one batch alone, in the thread of a task that would otherwise wait for it in the place of a worker it needs.
     * Returns when nothing of the batch is left to start, or when the task this thread is in has been interrupted.
     */
    void help(Batch batch) {
        enter();
        try {
            while (!batch.isEnded() && !isInterrupted(outer)) {
                if (dispatcher.lanes().findWorkIn(batch, window)) {
                    runWindow();
                } else if (batch.isIncomplete()) {
                    Thread.onSpinWait(); // a producer is between its index and its slot
                } else {
                    break;
                }
            }
        } finally {
            exit();
        }
    }

    /** Whether a task has been interrupted that this thread is in, or one that waits for it deeper in the stack. */
    private static boolean isInterrupted(@Nullable Lane task) {
        for (Lane lane = task; lane != null; lane = lane.outer) {
            if (lane.occupancy.isInterrupted()) {
                return true;
            }
        }
        return false;
    }

    /** Runs one task in the thread that scatters it. */
    void runHere(Batch batch, int index, @Nullable Object content) {
        enter();
        try {
            working = batch;
            occupancy.enter(batch);
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (batch.isEnded()) {
                batch.drop(chunk, Slots.offset(index));
            } else {
                dispatcher.runner().run(batch, index, chunk, content, occupancy);
                batch.finished(1);
            }
        } catch (
                Throwable broken) { // no stack, no memory: the slot may never be finished, so the batch could never end
            batch.abort(broken);
        } finally {
            exit();
        }
    }

    /** Fails everything that has not been claimed, because no lane can be had to run it. */
    void refuseAll(Throwable reason) {
        while (dispatcher.batches().front().claim(window, 1) > 0) {
            Batch batch = window.batch();
            int index = window.next();
            if (batch != null && batch.start(index)) {
                dispatcher.leaveGate();
                Slots.Chunk chunk = batch.slots().filledChunk(index);
                dispatcher.runner().refuse(batch, index, chunk, chunk.value(Slots.offset(index)), reason);
                batch.finished(1);
            }
        }
    }

    private int runWindow() {
        Batch batch = window.batch();
        if (batch == null) {
            return 0;
        }
        working = batch;
        occupancy.enter(batch);
        int ran = 0;
        for (int index = window.next(); index >= 0; index = window.next()) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            int offset = Slots.offset(index);
            if (chunk.move(offset, Slots.FULL, Slots.CLAIMED)) {
                dispatcher.leaveGate();
                if (batch.isEnded()) {
                    batch.drop(chunk, offset);
                } else {
                    runOne(batch, index, chunk, chunk.value(offset));
                    ran++;
                }
            }
        }
        if (ran > 0) {
            batch.finished(ran);
            Thread.interrupted(); // by a subscriber, then
        }
        return ran;
    }

    private void runOne(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        try {
            dispatcher.runner().run(batch, index, chunk, content, occupancy);
        } catch (Throwable broken) { // no memory to note a failure: then it is the whole batch's
            batch.abort(broken);
        }
        Thread.interrupted(); // whoever set it, it was meant for that task
    }
}
