package lox.sync.event;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens in {@link lox.sync.Workers}: of batches, of tasks, and of worker processes. Every method does
 * nothing by default.
 *
 * <p>The methods are called by the threads that work, several at once, so a listener has to be safe for use from many
 * threads, and quick. What one of them throws goes, once, where undeliverable failures go; the listener is not called
 * any more, and no task is harmed.
 */
public interface TaskListener {
    /** A batch has begun: told with its first task at the latest. */
    default void batchOpened(BatchEvent batch) {}

    /** A batch is gathered: its size is known. */
    default void batchSealed(BatchEvent batch, long tasks) {}

    /** A batch has ended. */
    default void batchEnded(BatchEvent batch, BatchEnd end) {}

    /** A worker has taken a task up. */
    default void taskStarted(TaskEvent task) {}

    /**
     * An attempt of a task has ended, or the task was dropped before it started.
     *
     * @param ranNanos how long it ran, in nanoseconds
     * @param failure what it has failed with; null if it has not failed
     */
    default void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {}

    /** A worker process has started. */
    default void workerStarted(WorkerEvent worker) {}

    /** A worker process has ended. */
    default void workerEnded(WorkerEvent worker, WorkerEnd end) {}
}
