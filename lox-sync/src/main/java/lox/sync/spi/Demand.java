package lox.sync.spi;

/**
 * The arithmetic of requests in Reactive Streams. Each subscription keeps the number itself, in a field it can change
 * atomically.
 *
 * <p>For lox's adapters, not for users.
 */
public final class Demand {
    /** Unbounded demand, which stays unbounded. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private Demand() {}

    /**
     * Adds a request to the outstanding demand.
     *
     * @param before 0 or more
     * @param n 1 or more
     * @return the sum, capped at {@link #UNLIMITED}
     */
    public static long plus(long before, long n) {
        long sum = before + n;
        return sum < 0 ? UNLIMITED : sum;
    }

    /**
     * Subtracts what was emitted.
     *
     * @param before the outstanding demand
     * @param given 0 or more, and at most {@code before}
     * @return the rest; {@link #UNLIMITED} stays unlimited
     */
    public static long minus(long before, long given) {
        return before == UNLIMITED ? UNLIMITED : before - given;
    }

    /**
     * The failure for a subscriber that has requested less than 1.
     *
     * @param n the number requested
     * @return a failure that names the rule
     */
    public static IllegalArgumentException refusal(long n) {
        return new IllegalArgumentException(
                "a subscriber has to request at least 1 (Reactive Streams, rule 3.9), but requested " + n);
    }
}
