package lox.micrometer;

import lox.sync.Workers;
import lox.sync.WorkersSnapshot;
import lox.sync.event.BatchEnd;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import org.jspecify.annotations.Nullable;

/**
 * Listens to one {@code Workers}. The functions on these hold it by way of their pool, and it holds the
 * {@code Workers}, which a program may have let go of: so they can be asked for their state as long as there is a
 * function on them, and all become garbage together.
 */
final class WorkersMonitor implements TaskListener {
    private final BoundedNames<WorkersMeters> names;
    private volatile @Nullable Workers workers;
    private @Nullable WorkersMeters meters; // a thread that does not see it yet looks it up

    WorkersMonitor(BoundedNames<WorkersMeters> names) {
        this.names = names;
    }

    /** Called once, before there is anything to listen to. */
    void attach(Workers built) {
        workers = built;
        meters(built.name()).add(this);
    }

    /** Null while they are being built. */
    @Nullable
    WorkersSnapshot snapshot() {
        Workers built = workers;
        return built == null ? null : built.snapshot();
    }

    private WorkersMeters meters(String name) {
        WorkersMeters known = meters;
        if (known == null) {
            known = names.get(name);
            meters = known;
        }
        return known;
    }

    private FunctionMeters function(BatchEvent batch) {
        return meters(batch.workers()).function(batch.function());
    }

    @Override
    public void batchEnded(BatchEvent batch, BatchEnd end) {
        function(batch).batchEnded(end, System.nanoTime() - batch.openedNanos());
    }

    @Override
    public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
        FunctionMeters function = function(task.batch());
        function.taskEnded(end, ranNanos);
        if (end != TaskEnd.DROPPED && task.waitedNanos() >= 0) {
            function.taskWaited(task.waitedNanos());
        }
    }

    @Override
    public void workerStarted(WorkerEvent worker) {
        meters(worker.workers()).processStarted();
    }

    @Override
    public void workerEnded(WorkerEvent worker, WorkerEnd end) {
        meters(worker.workers()).processEnded(end);
    }
}
