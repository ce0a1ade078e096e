package lox.sync.event;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens in {@link lox.sync.Workers}: of batches, of tasks, and of worker processes. Every method does
 * nothing by default. Listeners are given to {@link lox.sync.Workers.Builder#listeners} and hear of everything that
 * these workers do, for every function and in every dialect.
 *
 * <p><b>Threads.</b> The methods are called by the threads that work: a task's by the thread that runs it, a batch's by
 * the one that gathers it or runs its last task. Several are called at once, so a listener has to be safe for use from
 * many threads. No lock of lox is held meanwhile, and no cancel or timeout of a task interrupts a listener. It is
 * called before the result can be gathered: once {@code gather} has returned, every call for the batch's tasks, and
 * {@link #batchEnded}, has returned.
 *
 * <p><b>Order.</b> For one task, {@link #taskStarted} comes before {@link #taskEnded}, attempt after attempt. Calls of
 * different tasks, and those for their batch, overtake each other: a task may have started in one thread while another
 * is still in {@link #batchOpened}.
 *
 * <p><b>Trouble.</b> What a method throws goes, once, where undeliverable failures go in that dialect; the listener is
 * then not called any more, and no task is harmed. A listener that takes its time slows down the thread that calls it,
 * and none of the others: hand over to a thread of your own what may wait.
 *
 * <p><b>Cost.</b> Without a listener there is none. With one, a task costs a look at the clock where it ends, a second
 * one where it is scattered unless it takes microseconds, and one small object.
 *
 * <pre>{@code
 * LongAdder failed = new LongAdder();
 * Workers network = Workers.threads(8)
 *         .listeners(new TaskListener() {
 *             @Override
 *             public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, Throwable failure) {
 *                 if (end == TaskEnd.FAILED) {
 *                     failed.increment();
 *                 }
 *             }
 *         })
 *         .build();
 * }</pre>
 */
public interface TaskListener {
    /**
     * A batch has begun. Told by the thread of its first scatter, before that task can start. A map counts as one
     * batch, from its first element to its end, and a submit as a batch of one. In a chain, the batch is that of the
     * first function: the listeners of its workers are told of it. Those of the others hear of the tasks alone.
     *
     * @param batch the batch
     */
    default void batchOpened(BatchEvent batch) {}

    /**
     * More tasks have been scattered. Told for many at once, before the first of them starts, or at the end of the
     * batch: the sum over all calls for one batch is the number of its tasks.
     *
     * @param batch the batch
     * @param tasks how many more, at least 1
     */
    default void tasksScattered(BatchEvent batch, long tasks) {}

    /**
     * A batch is gathered or discarded: no more tasks follow. Not told of one that has ended without that.
     *
     * @param batch the batch
     * @param tasks how many it has
     */
    default void batchSealed(BatchEvent batch, long tasks) {}

    /**
     * A batch has ended. Tasks of it that run may end later.
     *
     * @param batch the batch
     * @param end how
     */
    default void batchEnded(BatchEvent batch, BatchEnd end) {}

    /**
     * A worker has taken a task up.
     *
     * @param task the task and its attempt; the same object is given to {@link #taskEnded}
     */
    default void taskStarted(TaskEvent task) {}

    /**
     * An attempt of a task has ended, or the task was {@linkplain TaskEnd#DROPPED dropped} before it started.
     *
     * @param task the task and its attempt
     * @param end how
     * @param ranNanos how long it ran, in nanoseconds; in a worker process as measured there, if it has got so far
     * @param failure what it has failed with; null if it has not failed
     */
    default void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {}

    /**
     * A worker process has started and is ready for tasks.
     *
     * @param worker the process
     */
    default void workerStarted(WorkerEvent worker) {}

    /**
     * A worker process has ended, after {@link #workerStarted}.
     *
     * @param worker the process
     * @param end how
     */
    default void workerEnded(WorkerEvent worker, WorkerEnd end) {}
}
