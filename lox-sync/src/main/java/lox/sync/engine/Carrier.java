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
 */
final class Carrier {
    private final Dispatcher<?, ?> dispatcher;
    private final RemoteWorkers workers;
    private final TaskLoop tasks;
    private final Window window;
    private final Parcels parcels;
    private final Loan loan;
    private final RunUnderWay underWay = new RunUnderWay();

    Carrier(Dispatcher<?, ?> dispatcher, RemoteWorkers workers, TaskLoop tasks, Window window) {
        this.dispatcher = dispatcher;
        this.workers = workers;
        this.tasks = tasks;
        this.window = window;
        this.parcels = new Parcels(dispatcher, window);
        this.loan = new Loan(workers);
    }

    /** Uses the worker of another carrier in the same thread. */
    void share(Carrier outer) {
        loan.share(outer.loan);
    }

    /** Gives the worker back. */
    void leave() {
        loan.giveBack();
    }

    /** What the watch asks. */
    RunUnderWay underWay() {
        return underWay;
    }

    // ---- the window ------------------------------------------------------------------------------------------------

    /** Works through the window. Returns how many tasks have ended. */
    int run(Batch batch, Pace pace) {
        int ended = 0;
        while (window.hasUnstarted()) {
            RemoteWorker worker;
            try {
                worker = loan.take(() -> window.hasUnstarted() && !batch.isEnded());
            } catch (Throwable refused) {
                refuse(batch, refused);
                break;
            }
            if (worker == null) {
                break; // the batch has ended, or others have taken what was left
            }
            ended += runSome(worker, pace);
        }
        return ended;
    }

    /** No worker can be had: that is the end of the batches that need one. */
    private void refuse(Batch batch, Throwable reason) {
        if (dispatcher.stage() == null) {
            batch.abort(reason);
            return;
        }
        for (Parcel parcel = parcels.next(null); parcel != null; parcel = parcels.next(null)) {
            parcel.home().abort(reason);
            parcel.drop();
        }
    }

    private int runSome(RemoteWorker worker, Pace pace) {
        long begun = System.nanoTime();
        RemoteRun run;
        try {
            run = worker.open(dispatcher.work(), pace.run());
        } catch (Throwable unserialisable) {
            return failWindow(unserialisable);
        }
        List<Parcel> sent = new ArrayList<>();
        int failed = load(sent, run);
        if (sent.isEmpty()) {
            return failed;
        }
        Batch home = sent.get(0).home();
        underWay.set(run);
        if (sent.size() > 1) {
            dispatcher.lanes().watch();
        }
        try {
            tasks.workFor(home);
            run.send(home::isEnded);
            int ended = harvest(home, sent, run);
            pace.after(System.nanoTime() - begun, ended, run.bytes());
            return ended + failed;
        } catch (Throwable broken) { // no memory for the engine itself: slots are taken that nobody will settle
            home.abort(broken);
            run.stop();
            throw broken;
        } finally {
            underWay.set(null);
        }
    }

    /** The function cannot travel: each of its tasks fails of that. */
    private int failWindow(Throwable reason) {
        int failed = 0;
        for (Parcel parcel = parcels.next(null); parcel != null; parcel = parcels.next(null)) {
            fail(parcel, reason);
            failed++;
        }
        return failed;
    }

    private void fail(Parcel parcel, Throwable reason) {
        tasks.workFor(parcel.home());
        settle(parcel, null, reason);
        tasks.count();
    }

    /** Moves tasks of one batch from the window into the run. Returns how many could not be sent, and have failed. */
    private int load(List<Parcel> sent, RemoteRun run) {
        int failed = 0;
        while (!run.isFull()) {
            Parcel parcel = parcels.next(sent.isEmpty() ? null : sent.get(0).home());
            if (parcel == null) {
                break;
            }
            try {
                run.add(Envelope.argumentIn(parcel.content()));
                sent.add(parcel);
            } catch (Throwable unserialisable) {
                fail(parcel, unserialisable);
                failed++;
            }
        }
        return failed;
    }

    // ---- results ---------------------------------------------------------------------------------------------------

    /** Stores what comes of a run until it is over. Returns how many of its tasks have ended. */
    private int harvest(Batch home, List<Parcel> sent, RemoteRun run) {
        int seen = 0;
        int mine = sent.size();
        boolean stopped = false;
        while (seen < mine) {
            int limit = run.limit(); // before the results: what the worker has started stays below it
            int settled = run.settled();
            for (; seen < settled; seen++) {
                store(sent.get(seen), run, seen);
            }
            tasks.count();
            // from the end, so that the window is open over each before it can be seen to be full
            for (int i = mine - 1; i >= limit; i--) {
                parcels.putBack(sent.get(i));
            }
            mine = Math.min(mine, limit);
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
    private void store(Parcel parcel, RemoteRun run, int at) {
        Object value = null;
        Throwable failure = null;
        try {
            value = run.result(at);
        } catch (RemoteRun.TimedOut late) {
            failure = dispatcher.runner().timeout((int)
                    Math.min(parcel.home().ordinal(parcel.index()), Integer.MAX_VALUE));
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (failure != null && mayTryAgain(parcel, failure)) {
            parcels.putBack(
                    new Parcel(parcel.home(), parcel.chunk(), parcel.index(), Envelope.afterCrash(parcel.content())));
        } else {
            settle(parcel, value, failure);
        }
        Thread.interrupted(); // by a listener, or by the end of a batch that is told of in another way
    }

    private boolean mayTryAgain(Parcel parcel, Throwable failure) {
        int before = Envelope.crashesOf(parcel.content());
        return !parcel.home().isEnded()
                && (workers.mayRetry(failure, before)
                        || dispatcher.runner().policy().grantsAnother(before + 1, failure));
    }

    private void settle(Parcel parcel, @Nullable Object value, @Nullable Throwable failure) {
        Batch home = parcel.home();
        if (dispatcher
                .runner()
                .settle(home, parcel.index(), parcel.chunk(), parcel.content(), value, failure, tasks.lane())) {
            tasks.over(home, parcel.index());
            VarHandle.fullFence(); // the lane is back in its batch before it looks again whether that has ended
        }
    }
}
