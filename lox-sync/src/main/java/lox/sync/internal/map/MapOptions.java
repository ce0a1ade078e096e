package lox.sync.internal.map;

import java.util.Objects;
import java.util.function.Function;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.result.Unchecked;
import lox.sync.spi.OutcomeFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a map treats its elements.
 *
 * @param ahead the most elements in flight, 1 or more
 * @param order the order in which the items leave
 * @param failures what the failure of a task does
 * @param success makes the item of a result; null if the result is the item
 * @param failure makes the item of a failure; null unless failures are items
 * @param keyOf finds the key of an element; elements of one key run one after another. Null if all run side by side
 * @param <A> the type of the elements
 * @param <R> the type of the results
 * @param <V> the type of the items that leave the map
 */
public record MapOptions<A extends @Nullable Object, R extends @Nullable Object, V>(
        int ahead,
        Order order,
        Failures failures,
        OutcomeFactory.@Nullable Success<? super R, ? extends V> success,
        OutcomeFactory.@Nullable Failure<? extends V> failure,
        @Nullable Function<? super A, ?> keyOf) {

    /** The order in which items leave. */
    enum Order {
        OF_THE_SOURCE,
        OF_COMPLETION
    }

    /** What the failure of a task does. */
    enum Failures {
        STOP_THE_MAP,
        WAIT_FOR_THE_END,
        ARE_ITEMS
    }

    /**
     * Results in the order of their elements; the first failure ends the map.
     *
     * @param ahead the most elements in flight; 0 counts as 1
     * @param <A> the type of the elements
     * @param <R> the type of the results
     * @return the options
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public static <A extends @Nullable Object, R> MapOptions<A, R, R> inOrder(int ahead) {
        return results(ahead, Order.OF_THE_SOURCE, Failures.STOP_THE_MAP, null);
    }

    /**
     * Results in the order of their elements; then the failures.
     *
     * @param ahead the most elements in flight; 0 counts as 1
     * @param <A> the type of the elements
     * @param <R> the type of the results
     * @return the options
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public static <A extends @Nullable Object, R> MapOptions<A, R, R> delayError(int ahead) {
        return results(ahead, Order.OF_THE_SOURCE, Failures.WAIT_FOR_THE_END, null);
    }

    /**
     * An outcome for each element, in the order of the elements.
     *
     * @param ahead the most elements in flight; 0 counts as 1
     * @param success makes the outcome of a task that returned
     * @param failure makes the outcome of a task that threw
     * @param <A> the type of the elements
     * @param <R> the type of the results
     * @param <V> the type of the outcomes
     * @return the options
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public static <A extends @Nullable Object, R extends @Nullable Object, V> MapOptions<A, R, V> settled(
            int ahead,
            OutcomeFactory.Success<? super R, ? extends V> success,
            OutcomeFactory.Failure<? extends V> failure) {
        return new MapOptions<>(
                Dispatcher.checkAhead(ahead), Order.OF_THE_SOURCE, Failures.ARE_ITEMS, success, failure, null);
    }

    /**
     * Results in the order in which the tasks end.
     *
     * @param ahead the most elements in flight; 0 counts as 1
     * @param <A> the type of the elements
     * @param <R> the type of the results
     * @return the options
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public static <A extends @Nullable Object, R> MapOptions<A, R, R> unordered(int ahead) {
        return results(ahead, Order.OF_COMPLETION, Failures.STOP_THE_MAP, null);
    }

    /**
     * Results in the order in which the tasks end, where those of one key run one after another.
     *
     * @param ahead the most elements in flight, those included that wait for another of their key; 0 counts as 1
     * @param keyOf finds the key of an element
     * @param <A> the type of the elements
     * @param <R> the type of the results
     * @return the options
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public static <A extends @Nullable Object, R> MapOptions<A, R, R> byKey(int ahead, Function<? super A, ?> keyOf) {
        return results(ahead, Order.OF_COMPLETION, Failures.STOP_THE_MAP, Objects.requireNonNull(keyOf, "keyOf"));
    }

    private static <A extends @Nullable Object, R> MapOptions<A, R, R> results(
            int ahead, Order order, Failures failures, @Nullable Function<? super A, ?> keyOf) {
        return new MapOptions<>(Dispatcher.checkAhead(ahead), order, failures, null, null, keyOf);
    }

    /**
     * Whether items leave in the order of the elements.
     *
     * @return false if they leave in the order in which the tasks end
     */
    public boolean isOrdered() {
        return order == Order.OF_THE_SOURCE;
    }

    /**
     * Whether failures wait until the last result has left.
     *
     * @return false if the first one ends the map, and if they are items
     */
    public boolean delaysErrors() {
        return failures == Failures.WAIT_FOR_THE_END;
    }

    boolean stopsAtFailures() {
        return failures == Failures.STOP_THE_MAP;
    }

    /** Whether null is a valid result. */
    boolean carriesNull() {
        return success != null;
    }

    /** The item of a task that returned. */
    V item(long ordinal, @Nullable Object result) {
        return success == null ? Unchecked.cast(result) : success.outcome(index(ordinal), Unchecked.<R>cast(result));
    }

    /** The item of a task that threw, or null if failures are not items. */
    @Nullable
    V item(long ordinal, Throwable thrown) {
        return failure == null ? null : failure.outcome(index(ordinal), thrown);
    }

    private static int index(long ordinal) {
        return (int) Math.min(ordinal, Integer.MAX_VALUE); // a stream may be longer
    }
}
