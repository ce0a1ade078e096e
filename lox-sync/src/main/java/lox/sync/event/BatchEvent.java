package lox.sync.event;

/**
 * A batch, as a {@link TaskListener} is told of it. Immutable.
 *
 * @param id unique in this JVM; the same for all functions of a chain
 * @param workers the workers' name
 * @param function names the function: {@code Pages.fetch} for a method reference, {@code Sizes.main.lambda} for a
 *     lambda in {@code main}, otherwise the simple name of its class
 * @param openedNanos when it began, with its first scatter as a rule, by {@link System#nanoTime}
 */
public record BatchEvent(long id, String workers, String function, long openedNanos) {}
