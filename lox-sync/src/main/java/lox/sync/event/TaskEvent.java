package lox.sync.event;

/**
 * One attempt of a task, as a {@link TaskListener} is told of it. Immutable. In a chain each function has attempts of
 * its own for a task.
 *
 * @param batch the batch that the task belongs to, with the names of the function and of the workers that run it here
 * @param index the task's place in its batch, or in its map, from 0
 * @param attempt 1 for the first
 * @param worker what runs it: a thread's name, or that of a worker process; for functions that do not block, the
 *     workers' name and the lowest number that no other call has. Threads without a name, as virtual threads are unless
 *     they are given one, share the name {@code unnamed}. Empty if no worker took it up: it was dropped, or failed
 *     because no worker could be started
 * @param startedNanos when a worker took it up, by {@link System#nanoTime}; when it was dropped, if it was. Of a
 *     process, when this JVM knew that it may have begun, which may be a millisecond off
 * @param waitedNanos how long it waited for a worker since its scatter, since the function before in a chain, or, if it
 *     is tried again, since it may be; -1 if that is not known. While tasks take microseconds and are scattered one by
 *     one, it is known of one in sixteen
 */
public record TaskEvent(
        BatchEvent batch, long index, int attempt, String worker, long startedNanos, long waitedNanos) {}
