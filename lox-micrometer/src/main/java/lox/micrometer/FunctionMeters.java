package lox.micrometer;

import io.micrometer.core.instrument.Tags;
import lox.sync.event.BatchEnd;
import lox.sync.event.TaskEnd;

/** The timers of one function. Safe for use from many threads. */
final class FunctionMeters {
    private final Outcomes<TaskEnd, BoundTimer> tasks;
    private final BoundTimer waits;
    private final Outcomes<BatchEnd, BoundTimer> batches;

    /** @param tags those of the function */
    FunctionMeters(MeterBinding binding, Tags tags) {
        tasks = new Outcomes<>(
                TaskEnd.class,
                tags,
                all -> new BoundTimer(binding, "lox.task.duration", "How long attempts of tasks ran", all));
        waits = new BoundTimer(
                binding, "lox.task.wait", "How long tasks waited for a worker after their scatter", tags);
        batches = new Outcomes<>(
                BatchEnd.class,
                tags,
                all -> new BoundTimer(binding, "lox.batch.duration", "How long batches took, from begin to end", all));
        // Shown from zero on: an alert takes what is first seen at one for no increase.
        tasks.of(TaskEnd.SUCCEEDED).register();
        tasks.of(TaskEnd.FAILED).register();
    }

    void taskEnded(TaskEnd end, long ranNanos) {
        tasks.of(end).add(ranNanos);
    }

    void taskWaited(long nanos) {
        waits.add(nanos);
    }

    void batchEnded(BatchEnd end, long nanos) {
        batches.of(end).add(nanos);
    }
}
