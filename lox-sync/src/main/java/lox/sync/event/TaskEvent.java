package lox.sync.event;

/**
 * One attempt of a task, as a {@link TaskListener} is told of it. Immutable.
 *
 * @param batch the batch that the task belongs to
 * @param index the task's place in its batch, from 0
 * @param attempt 1 for the first
 * @param worker what runs it: a thread's name, or that of a worker process
 * @param startedNanos when a worker took it up, by {@link System#nanoTime}
 * @param waitedNanos how long it waited for a worker after its scatter; -1 if that is not known
 */
public record TaskEvent(
        BatchEvent batch, long index, int attempt, String worker, long startedNanos, long waitedNanos) {}
