package lox.sync;

import java.time.Duration;
import java.util.List;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.process.ProcessFigures;
import lox.sync.internal.process.WorkerPool;

/** Makes snapshots of workers. */
final class Snapshots {
    private Snapshots() {}

    static WorkersSnapshot of(LanePool pool) {
        long now = System.nanoTime();
        List<WorkersSnapshot.RunningTask> tasks = pool.running().stream()
                .map(task ->
                        new WorkersSnapshot.RunningTask(task.worker(), task.function(), age(now, task.sinceNanos())))
                .toList();
        return new WorkersSnapshot(
                pool.name(),
                pool.isInline() ? 0 : pool.limit(),
                pool.active(),
                pool.pending(),
                tasks,
                pool.remote() instanceof WorkerPool processes
                        ? processes(now, processes.figures())
                        : WorkersSnapshot.Processes.NONE);
    }

    private static WorkersSnapshot.Processes processes(long now, ProcessFigures figures) {
        List<WorkersSnapshot.WorkerProcess> live = figures.live().stream()
                .map(each -> new WorkersSnapshot.WorkerProcess(
                        each.name(),
                        each.pid(),
                        each.busy(),
                        age(now, each.startedNanos()),
                        each.sent(),
                        each.received()))
                .toList();
        return new WorkersSnapshot.Processes(
                live, figures.started(), figures.crashed(), figures.killed(), figures.sent(), figures.received());
    }

    private static Duration age(long now, long since) {
        return Duration.ofNanos(Math.max(0, now - since));
    }
}
