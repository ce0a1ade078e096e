package lox.sync.engine;

/**
 * The arithmetic of requests in Reactive Streams. Each subscription keeps the number itself, in a field it can change atomically.
 *
 * <p>For lox's adapters, not for users.
 */
public final class Demand {
    /** Requested without limit, which stays so. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private Demand() {}

    /**
     * Adds a request to what was requested before.
     *
     * @param before 0 or more
     * @param n 1 or more
     * @return the sum, or {@link #UNLIMITED} if it is as much or more
     */
    public static long plus(long before, long n) {
        long sum = before + n;
        return sum < 0 ? UNLIMITED : sum;
    }

    /**
     * Takes off what was given.
     *
     * @param before what was requested
     * @param given 0 or more, and not more than that
     * @return the rest, {@link #UNLIMITED} if it was that
     */
    public static long minus(long before, long given) {
        return before == UNLIMITED ? UNLIMITED : before - given;
    }

    /**
     * What a subscriber is told that has requested less than 1.
     *
     * @param n what it has requested
     * @return a failure that names the rule
     */
    public static IllegalArgumentException refusal(long n) {
        return new IllegalArgumentException(
                "a subscriber has to request at least 1 (Reactive Streams, rule 3.9), but requested " + n);
    }
}
