package lox.sync.event;

/**
 * A batch, as a {@link TaskListener} is told of it. Immutable.
 *
 * @param id unique in this JVM
 * @param workers the workers' name
 * @param function names the function
 * @param openedNanos when it began, by {@link System#nanoTime}
 */
public record BatchEvent(long id, String workers, String function, long openedNanos) {}
