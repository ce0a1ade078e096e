package lox.sync.event;

/**
 * A worker process, as a {@link TaskListener} is told of it. Immutable.
 *
 * @param workers the workers' name
 * @param worker the process's own name
 * @param pid the process's number
 * @param startedNanos when it was started, by {@link System#nanoTime}
 */
public record WorkerEvent(String workers, String worker, long pid, long startedNanos) {}
