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
    private final @Nullable Carrier carrier;
    private final @Nullable TaskClock clock;
    private final @Nullable Handover handover;
    private @Nullable Lane outer;
    private @Nullable Batch working;
    private int uncounted; // tasks of that batch that are over; of the watch's, too, while it holds the clock
    private boolean searching;

    Lane(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
        RemoteWorkers remote = dispatcher.pool().remote();
        this.carrier = remote == null ? null : new Carrier(dispatcher, remote, this, window);
        TaskRunner runner = dispatcher.runner();
        this.clock = carrier == null && runner.policy().hasTimeout() ? new TaskClock(this, runner) : null;
        Stage next = dispatcher.next();
        this.handover = next == null ? null : new Handover(next.dispatcher());
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
            if (batch != null && lane.working == batch) {
                return true;
            }
        }
        return false;
    }

    Window window() {
        return window;
    }

    Occupancy occupancy() {
        return occupancy;
    }

    /** For everybody: whether there is something it has claimed and not started. */
    boolean hasUnstarted() {
        return window.hasUnstarted() || (carrier != null && carrier.underWay().hasUnstarted());
    }

    /** For the watch: whether it is at the task where it was at the last call. */
    boolean hasStoodStill() {
        return carrier == null ? window.hasStoodStill() : carrier.underWay().hasStoodStill();
    }

    /** Whether it has sent tasks away that it could take back. */
    boolean hasSentUnstarted() {
        return carrier != null && carrier.underWay().hasUnstarted();
    }

    /** Takes back what it has sent away and what has not been started there. */
    void recall() {
        if (carrier != null) {
            carrier.underWay().recall();
        }
    }

    /** Times its tasks; null where they may take as long as they like. */
    @Nullable
    TaskClock clock() {
        return clock;
    }

    /** Through which it hands on what is not at its end here. */
    Handover handover() {
        Handover mine = handover;
        if (mine == null) {
            throw new IllegalStateException("there is no next stage");
        }
        return mine;
    }

    /** Looks after what has been handed on, as whoever has run a task in this lane has to. */
    void lookAfterHandover() {
        if (handover != null) {
            handover.look();
        }
    }

    /** Whether its thread is that of the one who scatters. */
    boolean isInline() {
        return dispatcher.pool().isInline();
    }

    /** For the one who gives up the task it is in: how many tasks have ended before it and have not been counted. */
    int takeUncounted() {
        int count = uncounted;
        uncounted = 0;
        return count;
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
        if (carrier != null) {
            shareWorker(carrier);
        }
    }

    private void shareWorker(Carrier mine) {
        for (Lane lane = outer; lane != null; lane = lane.outer) {
            if (lane.carrier != null && lane.dispatcher.pool() == dispatcher.pool()) {
                mine.share(lane.carrier);
                return;
            }
        }
    }

    private void exit() {
        lookAfterHandover();
        if (carrier != null) {
            carrier.leave();
        }
        occupancy.leave();
        window.close();
        working = null;
        if (clock != null) {
            clock.clear();
        }
        dispatcher.lanes().exit(this);
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
            if (working != null && uncounted > 0) {
                working.abort(broken);
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
            Batch front = dispatcher.fronts().next();
            if (lanes.findWork(front, window, pace)) {
                if (searching) {
                    searching = false;
                    lanes.found();
                }
                int ran = runWindow(pace);
                long now = System.nanoTime();
                lanes.finishedRun(front, pace, now - before, ran);
                before = lanes.keepDistance(front, pace, ran) ? System.nanoTime() : now;
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
                if (dispatcher.lanes().findWorkIn(batch, window)) {
                    runWindow(pace);
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

    /**
     * Works for a later stage of a chain, in the thread of a task that waits for one of the chain's batches. Returns when there is
     * nothing to do for the moment.
     */
    void helpStage(Batch home) {
        Pace pace = dispatcher.lanes().newPace();
        enter();
        try {
            while (!home.isEnded()
                    && !isInterrupted(outer)
                    && dispatcher.lanes().findWorkIn(dispatcher.fronts().next(), window)) {
                runWindow(pace);
            }
        } finally {
            exit();
        }
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
            workFor(batch);
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (batch.isEnded()) {
                Leftovers.drop(batch, chunk, index, content);
            } else {
                over = dispatcher.runner().run(batch, index, chunk, content, this);
                uncounted += over ? 1 : 0;
                count();
                batch.endIfBroken();
            }
        } catch (Throwable failure) { // no stack, no memory: else the slot may never be finished, nor the batch end
            batch.broken = failure;
            batch.abort(failure);
        } finally {
            exit();
        }
        if (over && batch.isStreamed()) {
            batch.settled(index);
        }
    }

    /** Fails everything that has not been claimed, because no lane can be had to run it. */
    void refuseAll(Throwable reason) {
        while (dispatcher.fronts().next().claim(window, 1) > 0) {
            Batch batch = window.batch();
            int index = window.next();
            if (batch != null && batch.start(index)) {
                Slots.Chunk chunk = batch.slots().filledChunk(index);
                Object content = chunk.value(index);
                if (content == Relay.GONE) {
                    batch.finished(1);
                    continue;
                }
                dispatcher.intake().leave();
                if (content instanceof Relay relay) {
                    chunk.finish(index, null, Slots.DONE);
                    dispatcher.runner().refuse(relay.home(), relay.index(), relay.content(), reason, 1, 1);
                    batch.finished(1);
                } else {
                    dispatcher.runner().refuse(batch, index, content, reason, 1, 1);
                }
            }
        }
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    private int runWindow(Pace pace) {
        Batch batch = window.batch();
        if (batch == null) {
            return 0;
        }
        if (carrier != null) {
            int ended = carrier.run(batch, pace);
            Thread.interrupted();
            return ended;
        }
        boolean relaying = dispatcher.isStage();
        int ran = 0;
        int dropped = 0;
        Slots.Chunk claimed = null;
        if (!relaying) {
            workFor(batch);
        }
        for (int index = window.next(); index >= 0; index = window.next()) {
            claimed = batch.slots().filledChunk(index, claimed);
            if (claimed.move(index, Slots.FULL, Slots.CLAIMED)) {
                if (handover != null) {
                    handover.lookBehindFence();
                }
                Object content = claimed.value(index);
                if (relaying && content == Relay.GONE) {
                    dropped++;
                    continue;
                }
                dispatcher.intake().leave();
                Batch home = batch;
                int slot = index;
                Slots.Chunk chunk = claimed;
                if (relaying && content instanceof Relay relay) {
                    claimed.finish(index, null, Slots.DONE); // the queue does not keep what has left it
                    home = relay.home();
                    slot = relay.index();
                    chunk = relay.chunk();
                    content = relay.content();
                    workFor(home);
                }
                if (home.isEnded()) {
                    Leftovers.drop(home, chunk, slot, content);
                    dropped++;
                } else {
                    runOne(home, slot, chunk, content);
                    ran++;
                }
            }
        }
        lookAfterHandover();
        count();
        if (relaying) {
            batch.finished(ran + dropped);
        }
        return ran;
    }

    /** The next tasks are this batch's. */
    void workFor(Batch batch) {
        if (working != batch) {
            count();
            working = batch;
        }
        occupancy.enter(batch);
    }

    /** Counts the tasks of its batch that are over. */
    void count() {
        Batch batch = working;
        int tasks = uncounted;
        if (tasks > 0 && batch != null) {
            uncounted = 0;
            batch.finished(tasks);
            if (!isInline()) {
                Thread.interrupted(); // by a subscriber, then
            }
        }
    }

    private void runOne(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        boolean over = true;
        try {
            over = dispatcher.runner().run(batch, index, chunk, content, this);
        } catch (Throwable broken) { // no memory to note a failure: then it is the whole batch's
            batch.abort(broken);
        }
        if (over) {
            over(batch, index);
        }
        Thread.interrupted(); // whoever set it, it was meant for that task
    }

    /** A task of the batch that the lane works for is over, and has to be counted. */
    void over(Batch batch, int index) {
        uncounted++;
        settle(batch, index);
    }

    /** Tells whoever streams the results that a task has run. What comes of that is not to be interrupted for the batch. */
    private void settle(Batch batch, int index) {
        if (batch.isStreamed()) {
            occupancy.leave();
            Thread.interrupted();
            batch.settled(index);
            occupancy.enterAgain(batch);
        }
    }
}
