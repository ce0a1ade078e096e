package lox.timeline;

import java.util.Random;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;

/** A timeline of tasks that nobody ran: the same each time. */
final class SampleRun {
    static final long MILLI = 1_000_000;

    private final Timeline timeline = Timeline.create(1_000_000);
    private final long began;

    SampleRun() {
        this(System.nanoTime());
    }

    SampleRun(long began) {
        this.began = began;
    }

    Timeline timeline() {
        return timeline;
    }

    static BatchEvent batch(long id, String workers, String function) {
        return new BatchEvent(id, workers, function, 0);
    }

    /** An attempt; times are milliseconds from the beginning. */
    SampleRun task(BatchEvent batch, long index, String worker, double start, double ran, double waited, TaskEnd end) {
        return task(batch, index, 1, worker, start, ran, waited, end);
    }

    SampleRun task(
            BatchEvent batch,
            long index,
            int attempt,
            String worker,
            double start,
            double ran,
            double waited,
            TaskEnd end) {
        TaskEvent task =
                new TaskEvent(batch, index, attempt, worker, began + nanos(start), waited < 0 ? -1 : nanos(waited));
        timeline.taskEnded(task, end, nanos(ran), end == TaskEnd.SUCCEEDED ? null : new IllegalStateException());
        return this;
    }

    SampleRun process(String workers, String worker, long pid, double start) {
        timeline.workerStarted(new WorkerEvent(workers, worker, pid, began + nanos(start)));
        return this;
    }

    SampleRun crash(String workers, String worker, long pid, double start, double end) {
        WorkerEvent process = new WorkerEvent(workers, worker, pid, began + nanos(start));
        timeline.workerEnded(process, WorkerEnd.CRASHED, began + nanos(end));
        return this;
    }

    private static long nanos(double millis) {
        return Math.round(millis * MILLI);
    }

    /** Tasks of three functions on {@code lanes} threads, all scattered at the beginning; one in 50 fails. */
    static Timeline of(int tasks, int lanes, double meanMillis) {
        SampleRun run = new SampleRun();
        Random random = new Random(7);
        String[] functions = {"Pages.fetch", "Images.scale", "lox.examples.Tour$$Lambda/0x0000000800c03a18"};
        BatchEvent[] batches = new BatchEvent[functions.length];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = batch(i + 1, "workers-1", functions[i]);
        }
        double[] free = new double[lanes];
        for (int i = 0; i < tasks; i++) {
            int lane = 0;
            for (int other = 1; other < lanes; other++) {
                lane = free[other] < free[lane] ? other : lane;
            }
            double start = free[lane] + random.nextDouble() * meanMillis * 0.05;
            double ran = meanMillis * (0.3 + 1.4 * random.nextDouble());
            TaskEnd[] bad = {TaskEnd.FAILED, TaskEnd.RETRIED, TaskEnd.TIMED_OUT, TaskEnd.CANCELLED};
            TaskEnd end = random.nextInt(50) == 0 ? bad[random.nextInt(bad.length)] : TaskEnd.SUCCEEDED;
            double scattered = Math.min(start, i * meanMillis * 0.02);
            run.task(
                    batches[i * functions.length / tasks],
                    i,
                    end == TaskEnd.SUCCEEDED ? 1 : 1 + random.nextInt(2),
                    "workers-1-" + (lane + 1),
                    start,
                    ran,
                    start - scattered,
                    end);
            free[lane] = start + ran;
        }
        return run.timeline();
    }

    /** Two Workers of one name, with a child JVM each; both crash, one after the other. */
    static SampleRun withTwoOfOneName() {
        SampleRun run = new SampleRun(0);
        run.crash("w", "w-worker-1", 4711, 0, 10).crash("w", "w-worker-1", 4712, 30, 40);
        run.task(batch(1, "w", "f"), 0, "w-worker-1", 0, 10, 0, TaskEnd.CRASHED);
        run.task(batch(2, "w", "f"), 0, "w-worker-1", 30, 5, 30, TaskEnd.SUCCEEDED);
        return run;
    }

    /** Two Workers, threads and child JVMs; one of the children crashes, and another takes its place. */
    static Timeline withCrash() {
        SampleRun run = new SampleRun(System.nanoTime() - 83 * MILLI);
        BatchEvent strips = batch(1, "strips", "Mandelbrot.strip");
        BatchEvent pages = batch(2, "workers-1", "Pages.fetch");
        run.process("strips", "strips-1", 4711, 0).process("strips", "strips-2", 4712, 1);
        for (int i = 0; i < 6; i++) {
            run.task(strips, i, "strips-1", 10 + i * 20, 19, 9 + i * 20, TaskEnd.SUCCEEDED);
        }
        run.task(strips, 6, "strips-2", 10, 42, 9, TaskEnd.SUCCEEDED);
        run.task(strips, 7, "strips-2", 53, 30, 52, TaskEnd.CRASHED);
        run.task(pages, 0, "workers-1-1", 5, 60, 1, TaskEnd.SUCCEEDED);
        run.task(pages, 1, 1, "workers-1-2", 6, 30, 1, TaskEnd.RETRIED);
        run.task(pages, 1, 2, "workers-1-2", 60, 30, 1, TaskEnd.FAILED);
        run.task(pages, 2, "workers-1-1", 66, 40, 61, TaskEnd.TIMED_OUT);
        run.task(pages, 3, "workers-1-1", 90, 50, 85, TaskEnd.CANCELLED);
        run.task(pages, 4, "", 140, 0, 130, TaskEnd.CANCELLED);
        Timeline timeline = run.timeline();
        timeline.workerEnded(new WorkerEvent("strips", "strips-2", 4712, run.began + MILLI), WorkerEnd.CRASHED);
        return timeline;
    }
}
