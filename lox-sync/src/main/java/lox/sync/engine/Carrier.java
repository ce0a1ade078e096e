package lox.sync.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs a lane's window in a {@link RemoteWorker}: takes full slots, sends their arguments, stores the results that come back. It
 * borrows a worker when it first needs one, and keeps it until the lane leaves.
 *
 * <pre>
 *            take              result has come
 *   FULL -----------&gt; CLAIMED -----------------&gt; DONE, FAILED
 *     ^                  |
 *     +------------------+
 *        put back: recalled, or its worker has gone, or it took the worker down and may try again
 * </pre>
 *
 * <b>Invariant.</b> Slots are taken, settled and put back by the lane's own thread alone, and a slot is put back only when the run
 * says that its task has not been started and never will be there. So a task never runs in two places.
 *
 * <p>A slot that is put back lies in this lane's window again, where other lanes find it, as they find what a stuck thread has
 * not started.
 */
final class Carrier {

    private final Dispatcher<?, ?> dispatcher;
    private final RemoteWorkers workers;
    private final Window window;
    private final Occupancy occupancy;

    private @Nullable RemoteWorker worker;
    private boolean borrowed; // from the lane outside this one, whose task told somebody who gathers
    private volatile @Nullable RemoteRun underWay;
    private int[] indices = new int[16];
    private @Nullable RemoteRun runAtLastTick; // both the watch's own
    private int settledAtLastTick;

    Carrier(Dispatcher<?, ?> dispatcher, RemoteWorkers workers, Window window, Occupancy occupancy) {
        this.dispatcher = dispatcher;
        this.workers = workers;
        this.window = window;
        this.occupancy = occupancy;
    }

    // ---- the worker ------------------------------------------------------------------------------------------------

    /** Uses the worker of another carrier in the same thread, whose own run is under way: a pool of one has no other. */
    void share(Carrier outer) {
        RemoteWorker lent = outer.worker;
        if (lent != null && lent.isUsable()) {
            worker = lent;
            borrowed = true;
        }
    }

    /** Gives the worker back. */
    void leave() {
        RemoteWorker lent = worker;
        worker = null;
        if (lent != null && !borrowed) {
            lent.giveBack();
        }
        borrowed = false;
    }

    private @Nullable RemoteWorker worker(Batch batch) {
        RemoteWorker lent = worker;
        if (lent != null && lent.isUsable()) {
            return lent;
        }
        leave();
        try {
            lent = workers.lend(() -> window.hasUnstarted() && !batch.isEnded());
        } catch (Throwable refused) {
            batch.abort(refused);
            return null;
        }
        worker = lent;
        return lent;
    }

    // ---- the window ------------------------------------------------------------------------------------------------

    /** Works through the window. Returns how many tasks have ended. */
    int run(Batch batch, Pace pace) {
        int ended = 0;
        while (window.hasUnstarted()) {
            RemoteWorker lent = worker(batch);
            if (lent == null) {
                break; // the batch has ended, or others have taken what was left
            }
            ended += runSome(batch, lent, pace);
        }
        return ended;
    }

    private int runSome(Batch batch, RemoteWorker lent, Pace pace) {
        long begun = System.nanoTime();
        RemoteRun run;
        try {
            run = lent.open(dispatcher.work(), pace.run());
        } catch (Throwable unserialisable) {
            return failWindow(batch, unserialisable);
        }
        int failed = load(batch, run);
        if (run.size() == 0) {
            return failed;
        }
        underWay = run;
        if (run.size() > 1) {
            dispatcher.lanes().watch();
        }
        try {
            run.send(batch::isEnded);
            int ended = harvest(batch, run);
            pace.after(System.nanoTime() - begun, ended);
            return ended + failed;
        } catch (Throwable broken) { // no memory for the engine itself: slots are taken that nobody will settle
            batch.abort(broken);
            run.stop();
            throw broken;
        } finally {
            underWay = null;
        }
    }

    /** The function cannot travel: each of its tasks fails of that. */
    private int failWindow(Batch batch, Throwable reason) {
        int failed = 0;
        for (int index = window.next(); index >= 0; index = window.next()) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (take(batch, index, chunk)) {
                dispatcher.runner().settle(batch, index, chunk, null, reason, occupancy);
                batch.finished(1);
                failed++;
            }
        }
        return failed;
    }

    /** Moves slots of the window into the run. Returns how many could not be sent, and have failed. */
    private int load(Batch batch, RemoteRun run) {
        int failed = 0;
        while (!run.isFull()) {
            int index = window.next();
            if (index < 0) {
                break;
            }
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (take(batch, index, chunk)) {
                int at = run.size();
                if (at == indices.length) {
                    indices = Arrays.copyOf(indices, 2 * at);
                }
                indices[at] = index;
                try {
                    run.add(Envelope.argumentIn(chunk.value(Slots.offset(index))));
                } catch (Throwable unserialisable) {
                    dispatcher.runner().settle(batch, index, chunk, null, unserialisable, occupancy);
                    batch.finished(1);
                    failed++;
                }
            }
        }
        return failed;
    }

    /** Takes a full slot to run it. False if somebody else has, or if it was dropped because its batch has ended. */
    private boolean take(Batch batch, int index, Slots.Chunk chunk) {
        int offset = Slots.offset(index);
        if (!chunk.move(offset, Slots.FULL, Slots.CLAIMED)) {
            return false;
        }
        dispatcher.leaveGate();
        if (batch.isEnded()) {
            batch.drop(chunk, offset);
            return false;
        }
        return true;
    }

    /** Stores what comes of a run until it is over. Returns how many of its tasks have ended. */
    private int harvest(Batch batch, RemoteRun run) {
        int[] sent = indices;
        indices = new int[16];
        int seen = 0;
        int mine = run.size();
        boolean stopped = false;
        while (seen < mine) {
            int limit = run.limit(); // before the results: what the worker has started stays below it
            int settled = run.settled();
            if (settled > seen) {
                int ended = 0;
                for (; seen < settled; seen++) {
                    ended += store(batch, sent[seen], run, seen) ? 1 : 0;
                }
                if (ended > 0) {
                    batch.finished(ended);
                }
            }
            if (limit < mine) {
                putBack(batch, sent, limit, mine);
                mine = limit;
            }
            if (seen < mine) {
                if (batch.isEnded() && !stopped) {
                    stopped = true;
                    run.stop();
                }
                run.await(seen, mine);
            }
        }
        indices = sent;
        return seen;
    }

    /** Stores the result of one task. False if the task is to be run again. */
    private boolean store(Batch batch, int index, RemoteRun run, int at) {
        Slots.Chunk chunk = batch.slots().filledChunk(index);
        Object value = null;
        Throwable failure = null;
        try {
            value = run.result(at);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (failure != null && !batch.isEnded()) {
            Object content = chunk.value(Slots.offset(index));
            if (workers.mayRetry(failure, Envelope.crashesOf(content))) {
                putBack(batch, index, Envelope.afterCrash(content));
                return false;
            }
        }
        dispatcher.runner().settle(batch, index, chunk, value, failure, occupancy);
        Thread.interrupted(); // by a listener, or by the end of a batch that is told of in another way
        return true;
    }

    private void putBack(Batch batch, int[] sent, int from, int to) {
        for (int i = to - 1; i >= from; i--) { // the window is open over each before it can be seen to be full
            putBack(batch, sent[i], batch.slots().value(sent[i]));
        }
    }

    private void putBack(Batch batch, int index, @Nullable Object content) {
        window.reopen(index);
        dispatcher.reenterGate();
        batch.slots().filledChunk(index).fill(Slots.offset(index), content);
        if (batch.isEnded()) {
            batch.dropIfFull(index);
        } else {
            dispatcher.lanes().launchForReturned();
        }
    }

    // ---- for the watch ---------------------------------------------------------------------------------------------

    /** Whether the worker holds tasks that it may not have started. */
    boolean hasUnstarted() {
        RemoteRun run = underWay;
        return run != null && run.limit() - run.settled() > 1;
    }

    /** Takes back what the worker has not started. May wait for a short message to get through. */
    void recall() {
        RemoteRun run = underWay;
        if (run != null) {
            run.recall();
        }
    }

    /** For the watch: whether the worker is at the task where it was at the last call. */
    boolean hasStoodStill() {
        RemoteRun run = underWay;
        int settled = run == null ? -1 : run.settled();
        boolean still = run == runAtLastTick && settled == settledAtLastTick;
        runAtLastTick = run;
        settledAtLastTick = settled;
        return still && run != null;
    }
}
