package lox.sync;

import java.time.Duration;

/** Durations as the engine wants them. */
final class Durations {
    private Durations() {}

    /** In nanoseconds; {@link Long#MAX_VALUE}, which is for ever, where that is more than a long holds. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
