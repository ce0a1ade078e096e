package lox.sync.engine;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
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
 *        put back: recalled, or its worker has gone, or it may try again
 * </pre>
 *
 * <b>Invariant.</b> Slots are taken, settled and put back by the lane's own thread alone, and a slot is put back only when the run
 * says that its task has not been started and never will be there. So a task never runs in two places.
 *
 * <p>A slot that is put back lies in this lane's window again, where other lanes find it, as they find what a stuck thread has
 * not started. An item of a later stage of a chain goes back to the end of that stage's queue. Tasks that travel together
 * belong to one batch.
 */
final class Carrier {
    /** A task on its way: its slot in its batch, and what lay there or came from the stage before. */
    private record Item(Batch home, int index, @Nullable Object content) {
        Slots.Chunk chunk() {
            return home.slots().filledChunk(index);
        }
    }

    private final Dispatcher<?, ?> dispatcher;
    private final RemoteWorkers workers;
    private final Lane lane;
    private final Window window;

    private @Nullable RemoteWorker worker;
    private boolean borrowed; // from the lane outside this one, whose task told somebody who gathers
    private volatile @Nullable RemoteRun underWay;
    private @Nullable RemoteRun runAtLastTick; // both the watch's own
    private int settledAtLastTick;

    Carrier(Dispatcher<?, ?> dispatcher, RemoteWorkers workers, Lane lane, Window window) {
        this.dispatcher = dispatcher;
        this.workers = workers;
        this.lane = lane;
        this.window = window;
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
            refuse(batch, refused);
            return null;
        }
        worker = lent;
        return lent;
    }

    /** No worker can be had: that is the end of the batches that need one. */
    private void refuse(Batch batch, Throwable reason) {
        if (!dispatcher.isStage()) {
            batch.abort(reason);
            return;
        }
        for (Item item = next(null); item != null; item = next(null)) {
            item.home.abort(reason);
            Leftovers.drop(item.home, item.chunk(), Slots.offset(item.index), item.content);
        }
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
            ended += runSome(lent, pace);
        }
        return ended;
    }

    private int runSome(RemoteWorker lent, Pace pace) {
        long begun = System.nanoTime();
        RemoteRun run;
        try {
            run = lent.open(dispatcher.work(), pace.run());
        } catch (Throwable unserialisable) {
            return failWindow(unserialisable);
        }
        List<Item> items = new ArrayList<>();
        int failed = load(items, run);
        if (items.isEmpty()) {
            return failed;
        }
        Batch home = items.get(0).home;
        underWay = run;
        if (items.size() > 1) {
            dispatcher.lanes().watch();
        }
        try {
            lane.workFor(home);
            run.send(home::isEnded);
            int ended = harvest(home, items, run);
            pace.after(System.nanoTime() - begun, ended);
            return ended + failed;
        } catch (Throwable broken) { // no memory for the engine itself: slots are taken that nobody will settle
            home.abort(broken);
            run.stop();
            throw broken;
        } finally {
            underWay = null;
        }
    }

    /** The function cannot travel: each of its tasks fails of that. */
    private int failWindow(Throwable reason) {
        int failed = 0;
        for (Item item = next(null); item != null; item = next(null)) {
            fail(item, reason);
            failed++;
        }
        return failed;
    }

    private void fail(Item item, Throwable reason) {
        lane.workFor(item.home);
        settle(item, null, reason);
        lane.count();
    }

    /** Moves tasks of one batch from the window into the run. Returns how many could not be sent, and have failed. */
    private int load(List<Item> items, RemoteRun run) {
        int failed = 0;
        while (!run.isFull()) {
            Item item = next(items.isEmpty() ? null : items.get(0).home);
            if (item == null) {
                break;
            }
            try {
                run.add(Envelope.argumentIn(item.content));
                items.add(item);
            } catch (Throwable unserialisable) {
                fail(item, unserialisable);
                failed++;
            }
        }
        return failed;
    }

    /** Takes the next full slot of the window, if it is of that batch; drops those whose batch has ended. Null at the end. */
    private @Nullable Item next(@Nullable Batch home) {
        Batch batch = window.batch();
        for (int index = window.next(); index >= 0 && batch != null; index = window.next()) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            int offset = Slots.offset(index);
            if (chunk.state(offset) != Slots.FULL) {
                continue;
            }
            if (home != null && chunk.value(offset) instanceof Relay relay && relay.home() != home) {
                window.reopen(index);
                return null;
            }
            if (chunk.move(offset, Slots.FULL, Slots.CLAIMED)) {
                Item item = taken(batch, index, chunk, offset);
                if (item != null && !item.home.isEnded()) {
                    return item;
                }
                if (item != null) {
                    Leftovers.drop(item.home, item.chunk(), Slots.offset(item.index), item.content);
                }
            }
        }
        return null;
    }

    /** What lies in a slot that has just been taken; null for nothing. */
    private @Nullable Item taken(Batch batch, int index, Slots.Chunk chunk, int offset) {
        Object content = chunk.value(offset);
        if (content == Relay.GONE) {
            batch.finished(1);
            return null;
        }
        dispatcher.intake().leave();
        if (content instanceof Relay relay) {
            chunk.finish(offset, null, Slots.DONE); // the queue does not keep what has left it
            batch.finished(1);
            return new Item(relay.home(), relay.index(), relay.content());
        }
        return new Item(batch, index, content);
    }

    // ---- results ---------------------------------------------------------------------------------------------------

    /** Stores what comes of a run until it is over. Returns how many of its tasks have ended. */
    private int harvest(Batch home, List<Item> items, RemoteRun run) {
        int seen = 0;
        int mine = items.size();
        boolean stopped = false;
        while (seen < mine) {
            int limit = run.limit(); // before the results: what the worker has started stays below it
            int settled = run.settled();
            for (; seen < settled; seen++) {
                store(items.get(seen), run, seen);
            }
            lane.count();
            if (limit < mine) {
                for (int i = mine - 1;
                        i >= limit;
                        i--) { // the window is open over each before it can be seen to be full
                    putBack(items.get(i));
                }
                mine = limit;
            }
            if (seen < mine) {
                VarHandle.fullFence(); // the lane is back in its batch before it looks whether that has ended
                if (home.isEnded() && !stopped) {
                    stopped = true;
                    run.stop();
                }
                run.await(seen, mine);
            }
        }
        return seen;
    }

    /** Stores the result of one task, or puts the task back if it may try again. */
    private void store(Item item, RemoteRun run, int at) {
        Object value = null;
        Throwable failure = null;
        try {
            value = run.result(at);
        } catch (RemoteRun.TimedOut late) {
            failure = dispatcher.runner().timeout((int) Math.min(item.home.ordinal(item.index), Integer.MAX_VALUE));
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (failure != null && mayTryAgain(item, failure)) {
            putBack(new Item(item.home, item.index, Envelope.afterCrash(item.content)));
        } else {
            settle(item, value, failure);
        }
        Thread.interrupted(); // by a listener, or by the end of a batch that is told of in another way
    }

    private boolean mayTryAgain(Item item, Throwable failure) {
        int before = Envelope.crashesOf(item.content);
        return !item.home.isEnded()
                && (workers.mayRetry(failure, before)
                        || dispatcher.runner().policy().grantsAnother(before + 1, failure));
    }

    private void settle(Item item, @Nullable Object value, @Nullable Throwable failure) {
        if (dispatcher.runner().settle(item.home, item.index, item.chunk(), item.content, value, failure, lane)) {
            lane.over(item.home, item.index);
            VarHandle.fullFence(); // between the lane's coming back to its batch and its next look whether that has
            // ended
        }
    }

    private void putBack(Item item) {
        if (dispatcher.isStage()) {
            try {
                dispatcher.intake().put(new Relay(item.home, item.index, item.content));
            } catch (Throwable refused) { // the pool is closed, or there is no memory
                item.home.abort(refused);
                Leftovers.drop(item.home, item.chunk(), Slots.offset(item.index), item.content);
            }
            return;
        }
        window.reopen(item.index);
        dispatcher.intake().reenter();
        item.chunk().fill(Slots.offset(item.index), item.content);
        if (item.home.isEnded()) {
            Leftovers.dropIfFull(item.home, item.index);
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
