package lox.sync.internal.pool;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiPredicate;

/**
 * Which failed tasks are tried again, and when.
 *
 * @param retries how many attempts a task may have after its first
 * @param retryable which failures are retried; receives the failure and the number of the failed attempt, from 1 on
 * @param firstNanos how long a task waits after its first failed attempt; 0 if it does not wait
 * @param longestNanos the longest wait
 * @param jitter by which part of itself each wait is made longer or shorter at random, from 0 to 1
 */
public record RetrySettings(
        int retries,
        BiPredicate<? super Throwable, Integer> retryable,
        long firstNanos,
        long longestNanos,
        double jitter) {
    /** One attempt for each task. */
    public static final RetrySettings NONE = new RetrySettings(0, (failure, attempt) -> false, 0, 0, 0);

    /** After so many attempts the wait is the longest there is: a doubling more would overflow. */
    private static final int MOST_DOUBLINGS = 62;

    /** Whether tasks wait between two attempts. */
    public boolean isDelayed() {
        return firstNanos > 0 && retries > 0;
    }

    /** Whether a task whose attempts so far have failed gets another one. False if the predicate throws. */
    public boolean grantsAnother(int attempts, Throwable failure) {
        if (attempts > retries) {
            return false;
        }
        try {
            return retryable.test(failure, attempts);
        } catch (Throwable thrown) {
            if (thrown != failure) {
                failure.addSuppressed(thrown);
            }
            return false;
        }
    }

    /** How long to wait after so many failed attempts. */
    public long delayNanos(int attempts) {
        return firstNanos == 0
                ? 0
                : delayNanos(attempts, ThreadLocalRandom.current().nextDouble());
    }

    /** The same, with a random number from 0 to 1, for tests. */
    long delayNanos(int attempts, double random) {
        int doublings = Math.min(attempts - 1, MOST_DOUBLINGS);
        double plain = Math.min((double) longestNanos, (double) firstNanos * (1L << doublings));
        double shaken = plain * (1 + jitter * (2 * random - 1));
        return Math.min(longestNanos, Math.max(1, (long) shaken));
    }
}
