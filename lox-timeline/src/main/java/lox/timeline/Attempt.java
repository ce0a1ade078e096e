package lox.timeline;

import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;

/**
 * One attempt of a task that has ended, or a run of short tasks that a recording has as one. Times are in nanoseconds, on the clock of the {@link Timeline} it belongs to.
 *
 * @param batch the batch that the task belongs to
 * @param index the task's place in its batch
 * @param attempt 1 for the first
 * @param worker what ran it; empty if it was dropped before it started
 * @param started when a worker took it up, or when it was dropped
 * @param waited how long it waited for that; -1 if that is not known
 * @param ran how long it ran
 * @param end how it ended
 * @param tasks 1; or how many tasks ran one after the other, of which this is the first
 */
record Attempt(
        BatchEvent batch,
        long index,
        int attempt,
        String worker,
        long started,
        long waited,
        long ran,
        TaskEnd end,
        int tasks) {
    static Attempt of(TaskEvent task, TaskEnd end, long ranNanos, int tasks) {
        return new Attempt(
                task.batch(),
                task.index(),
                task.attempt(),
                task.worker(),
                task.startedNanos(),
                task.waitedNanos(),
                Math.max(0, ranNanos),
                end,
                tasks);
    }

    /** False if the task was dropped before a worker took it up. */
    boolean hasStarted() {
        return !worker.isEmpty();
    }

    long ended() {
        return started + ran;
    }

    boolean isWaitKnown() {
        return waited >= 0;
    }

    /** When it began to wait; when it started if that is not known. */
    long scattered() {
        return isWaitKnown() ? started - waited : started;
    }
}
