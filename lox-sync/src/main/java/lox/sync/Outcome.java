package lox.sync;

import org.jspecify.annotations.Nullable;

/**
 * How one task ended, as {@code gatherSettled()} tells it. Immutable, as far as the value and the failure are.
 *
 * <pre>{@code
 * for (Outcome<String> outcome : fetch.gatherSettled()) {
 *     if (outcome instanceof Outcome.Success<String> success) {
 *         System.out.println(success.value());
 *     } else if (outcome instanceof Outcome.Failure<String> failure) {
 *         System.err.println(failure.index() + ": " + failure.error());
 *     }
 * }
 * }</pre>
 *
 * @param <R> the type of the result
 */
public sealed interface Outcome<R extends @Nullable Object> {
    /**
     * The place of the task in its batch.
     *
     * @return the index that {@code scatter} returned
     */
    int index();

    /**
     * A task that returned.
     *
     * @param index the index that {@code scatter} returned
     * @param value what the task returned, null too
     * @param <R> the type of the result
     */
    record Success<R extends @Nullable Object>(int index, R value) implements Outcome<R> {}

    /**
     * A task that threw.
     *
     * @param index the index that {@code scatter} returned
     * @param error what the task threw, of any type
     * @param <R> the type of the result
     */
    record Failure<R extends @Nullable Object>(int index, Throwable error) implements Outcome<R> {}
}
