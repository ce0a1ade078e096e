package lox.sync;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import lox.sync.internal.pool.RetrySettings;
import lox.sync.internal.time.Durations;

/**
 * Which failed tasks are run again, how often, and after which time: for {@link Workers.Builder#retry(RetryPolicy)}.
 * Immutable and safe for use from many threads; each method gives another policy.
 *
 * <pre>{@code
 * Workers patient = Workers.threads(8)
 *         .retry(RetryPolicy.times(5)
 *                 .backoff(Duration.ofMillis(100), Duration.ofSeconds(10))
 *                 .on((failure, attempt) -> failure instanceof IOException || attempt == 1))
 *         .build();
 * }</pre>
 *
 * <p>By default every {@link Exception} is worth another attempt, a {@link TaskTimeoutException} and a crash of a
 * worker process among them, and no {@link Error} is; and a task is run again at once, on the same worker.
 *
 * <p>With a {@linkplain #backoff backoff} a task waits before its next attempt, and its worker runs others meanwhile.
 * The waiting task is no longer counted by {@code pending()}, its batch has not ended, and {@link Workers#shutdown}
 * lets it run. When its batch ends early or the {@link Workers} are closed it is dropped, without a further attempt.
 * When its time is over it comes before the tasks that have not started, in the order in which such tasks are due. So
 * the order of the <em>calls</em> is not that of the scatters; that of the results is.
 */
public final class RetryPolicy {
    private static final double DEFAULT_JITTER = 0.5;

    private final RetrySettings settings;

    private RetryPolicy(RetrySettings settings) {
        this.settings = settings;
    }

    /**
     * So many attempts after the first.
     *
     * @param retries how many attempts a task may have after its first, 0 or more
     * @return a policy that tries again at once, after every exception
     * @throws IllegalArgumentException if {@code retries} is negative
     */
    public static RetryPolicy times(int retries) {
        if (retries < 0) {
            throw new IllegalArgumentException("retries must be 0 or more, but was " + retries);
        }
        return new RetryPolicy(
                new RetrySettings(retries, (failure, attempt) -> failure instanceof Exception, 0, 0, DEFAULT_JITTER));
    }

    /**
     * Lets a task wait before its next attempt: after the first failure as long as is said here, and twice as long
     * after each further one, give or take the {@link #jitter}. Where tasks run in the thread that scatters them, that
     * thread waits.
     *
     * @param first how long to wait after the first attempt, more than nothing
     * @param longest the longest wait, at least {@code first}
     * @return such a policy
     * @throws NullPointerException if {@code first} or {@code longest} is null
     * @throws IllegalArgumentException if {@code first} is zero or negative, or longer than {@code longest}
     */
    public RetryPolicy backoff(Duration first, Duration longest) {
        Objects.requireNonNull(longest, "longest");
        if (Objects.requireNonNull(first, "first").isZero() || first.isNegative()) {
            throw new IllegalArgumentException("first must be more than zero, but was " + first);
        }
        if (first.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "longest must not be shorter than first, but they were " + longest + " and " + first);
        }
        return new RetryPolicy(new RetrySettings(
                settings.retries(),
                settings.retryable(),
                Durations.nanos(first),
                Durations.nanos(longest),
                settings.jitter()));
    }

    /**
     * Makes each wait longer or shorter at random, by up to a part of itself, so that tasks that failed together do not
     * come back together. By default that part is a half. No wait is longer than the longest of the {@link #backoff}.
     *
     * @param part from 0, which is none, to 1
     * @return such a policy
     * @throws IllegalArgumentException if {@code part} is not from 0 to 1
     */
    public RetryPolicy jitter(double part) {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, but was " + part);
        }
        return new RetryPolicy(new RetrySettings(
                settings.retries(), settings.retryable(), settings.firstNanos(), settings.longestNanos(), part));
    }

    /**
     * Tries again after these failures only.
     *
     * @param retryable which failures are worth another attempt, errors among them; called from many threads at once,
     *     on the worker or, for a task that is over its time, on another thread, and then perhaps twice. If it throws,
     *     the task has failed, and what it threw is a suppressed exception
     * @return such a policy
     * @throws NullPointerException if {@code retryable} is null
     */
    public RetryPolicy on(Predicate<? super Throwable> retryable) {
        Objects.requireNonNull(retryable, "retryable");
        return on((failure, attempt) -> retryable.test(failure));
    }

    /**
     * Tries again after these failures only, seen with the number of the attempt that failed.
     *
     * @param retryable as above; also gets the number of the attempt, which is 1 for the first
     * @return such a policy
     * @throws NullPointerException if {@code retryable} is null
     */
    public RetryPolicy on(BiPredicate<? super Throwable, Integer> retryable) {
        return new RetryPolicy(new RetrySettings(
                settings.retries(),
                Objects.requireNonNull(retryable, "retryable"),
                settings.firstNanos(),
                settings.longestNanos(),
                settings.jitter()));
    }

    RetrySettings settings() {
        return settings;
    }
}
