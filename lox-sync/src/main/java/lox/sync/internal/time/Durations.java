package lox.sync.internal.time;

import java.time.Duration;
import java.util.Objects;

/** Converts durations to nanoseconds. */
public final class Durations {
    /** Practically forever, and short enough to be added to a time. */
    private static final Duration A_CENTURY = Duration.ofDays(36_525);

    private Durations() {}

    /**
     * Converts a duration to nanoseconds.
     *
     * @param timeout the duration
     * @return its nanoseconds; zero if it is negative, and {@link Long#MAX_VALUE}, which means forever, if it is longer
     *     than a century
     * @throws NullPointerException if {@code timeout} is null
     */
    public static long nanos(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout").isNegative()) {
            return 0;
        }
        return timeout.compareTo(A_CENTURY) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }
}
