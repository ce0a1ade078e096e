package lox.test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How long a test waits for what has to happen. The limit is there to end a test that hangs, not to measure: it is so
 * long that a machine ten times slower, or busy with other work, does not reach it, and a test that succeeds never
 * waits for it. The system property {@code test.patience} sets it, in seconds.
 */
public final class Patience {
    /** The limit in seconds, for methods that take a number and a unit. */
    public static final int SECONDS = Integer.getInteger("test.patience", 120);

    /** The limit. */
    public static final Duration LIMIT = Duration.ofSeconds(SECONDS);

    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000;

    private Patience() {}

    /**
     * Returns as soon as the state has come.
     *
     * @param what says what is awaited, for the failure's message
     * @param state is asked again and again, in the caller's thread
     * @throws AssertionError if the state has not come within {@link #LIMIT}
     */
    public static void until(String what, BooleanSupplier state) {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        while (!state.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new AssertionError("not within " + SECONDS + " s: " + what);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS); // a short one would take a tenth of a processor
        }
    }
}
