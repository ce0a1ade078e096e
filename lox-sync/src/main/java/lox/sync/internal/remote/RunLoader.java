package lox.sync.internal.remote;

import java.util.List;
import java.util.function.BooleanSupplier;
import lox.sync.internal.claim.ClaimedTask;
import lox.sync.internal.claim.ClaimedTasks;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.LaneSettings;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import org.jspecify.annotations.Nullable;

/** Fills runs with the tasks of a lane's claimed range. Used only by the lane. */
final class RunLoader {
    /** Fails a task that cannot be sent. */
    @FunctionalInterface
    interface Refusal {
        void fail(ClaimedTask task, Throwable reason);
    }

    private final LaneSettings settings;
    private final ClaimedTasks claimedTasks;
    private final Refusal refusal;

    RunLoader(LaneSettings settings, ClaimedTasks claimedTasks, Refusal refusal) {
        this.settings = settings;
        this.claimedTasks = claimedTasks;
        this.refusal = refusal;
    }

    /**
     * Opens an empty run.
     *
     * @param giveUp whether it is not wanted any more
     * @throws RuntimeException if the function cannot be sent
     */
    RemoteRun open(RemoteWorker worker, int most, BooleanSupplier giveUp) {
        return settings.observer().isListened()
                ? worker.openTimed(settings.work(), most, giveUp)
                : worker.open(settings.work(), most, giveUp);
    }

    /**
     * Moves tasks of one batch from the claimed range into a run. If this throws, their batch has been aborted.
     *
     * @param only the batch; null for that of the first task, whichever it is
     * @param loaded takes the tasks of the run
     * @return how many tasks could not be sent, and have failed
     */
    int load(@Nullable Batch only, List<ClaimedTask> loaded, RemoteRun run) {
        try {
            return fill(only, loaded, run);
        } catch (Throwable broken) { // slots are taken that no thread will settle
            loaded.forEach(task -> task.home().abort(broken));
            throw broken;
        }
    }

    private int fill(@Nullable Batch only, List<ClaimedTask> loaded, RemoteRun run) {
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
                refusal.fail(task, unserialisable);
                failed++;
            }
        }
        return failed;
    }
}
