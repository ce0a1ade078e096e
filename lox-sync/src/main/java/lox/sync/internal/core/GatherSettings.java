package lox.sync.internal.core;

import java.time.Duration;
import java.util.function.BiFunction;
import lox.sync.internal.time.Durations;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a gather wants beside its results.
 *
 * @param progress receives progress updates, or null
 * @param timeout the longest time from the gather on, or null
 * @param late makes the failure of a gather that takes longer, from the name of the function and the timeout
 */
public record GatherSettings(
        @Nullable ProgressSink progress, @Nullable Duration timeout, BiFunction<String, Duration, Throwable> late) {

    /**
     * The deadline of a gather that then fails.
     *
     * @param name of the function
     * @param clock schedules the expiry
     * @return null if there is none
     */
    public @Nullable Deadline failing(String name, Deadline.Clock clock) {
        return timeout == null ? null : new Deadline(late.apply(name, timeout), false, Durations.nanos(timeout), clock);
    }

    /**
     * The deadline of a gather that then gives what there is.
     *
     * @param clock schedules the expiry
     * @return null if there is none
     */
    public @Nullable Deadline partial(Deadline.Clock clock) {
        return timeout == null ? null : Deadline.partial(timeout, clock);
    }
}
