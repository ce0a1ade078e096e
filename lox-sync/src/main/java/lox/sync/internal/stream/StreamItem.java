package lox.sync.internal.stream;

import lox.sync.internal.result.Unchecked;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.OutcomeFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a {@link ResultStream} gives of a task that has ended.
 *
 * @param <V> the type of the items
 */
@FunctionalInterface
interface StreamItem<V extends @Nullable Object> {
    V of(Slots slots, int index);

    /** The result itself, where no task can have failed. */
    static <R extends @Nullable Object> StreamItem<R> result() {
        return (slots, index) -> Unchecked.cast(slots.value(index));
    }

    /** The outcome of the task. */
    static <R extends @Nullable Object, V> StreamItem<V> outcome(
            OutcomeFactory.Success<? super R, ? extends V> success, OutcomeFactory.Failure<? extends V> failure) {
        return (slots, index) -> Slots.isFailure(slots.state(index))
                ? failure.outcome(index, Unchecked.cast(slots.value(index)))
                : success.outcome(index, Unchecked.<R>cast(slots.value(index)));
    }
}
