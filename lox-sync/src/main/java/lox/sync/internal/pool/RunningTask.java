package lox.sync.internal.pool;

/**
 * What one lane of a pool is at.
 *
 * @param worker the name of its thread, or of the worker elsewhere that it uses
 * @param function names the function
 * @param sinceNanos when the task began, or the run of short tasks that it belongs to, by {@link System#nanoTime}
 */
public record RunningTask(String worker, String function, long sinceNanos) {}
