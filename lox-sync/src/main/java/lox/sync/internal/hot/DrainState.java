package lox.sync.internal.hot;

/**
 * The state of a {@link DrainLoop} in one word: the shared subscription in which the drainer is (24 bits; 0 for
 * none), the number of the round (38 bits, which wrap), and the state of the round (2 bits).
 */
final class DrainState {
    /** No thread drains. The initial word. */
    static final long IDLE = 0;
    /** A thread drains. */
    static final long DRAINING = 1;
    /** A thread drains, and has to make one more round. */
    static final long MISSED = 2;
    /** A thread has taken over, and the subscription of the stuck drainer has not been marked yet. */
    static final long TAKEN_OVER = 3;

    /** The greatest number of a subscription. */
    static final int MAX_SUBSCRIPTIONS = (1 << 24) - 1;

    private static final long STATE_MASK = 3;
    private static final int ROUND_SHIFT = 2;
    private static final int SUBSCRIPTION_SHIFT = 40;
    private static final long ROUND_MASK = ((1L << SUBSCRIPTION_SHIFT) - 1) >>> ROUND_SHIFT;
    private static final long SUBSCRIPTION_MASK = -1L << SUBSCRIPTION_SHIFT;

    private DrainState() {}

    static long stateOf(long word) {
        return word & STATE_MASK;
    }

    static long roundOf(long word) {
        return (word >>> ROUND_SHIFT) & ROUND_MASK;
    }

    static int subscriptionOf(long word) {
        return (int) (word >>> SUBSCRIPTION_SHIFT);
    }

    /** The number of the round before a round. */
    static long roundBefore(long round) {
        return (round - 1) & ROUND_MASK;
    }

    /** The same round in another subscription. */
    static long inSubscription(long word, long subscription) {
        return (subscription << SUBSCRIPTION_SHIFT) | (word & ~SUBSCRIPTION_MASK);
    }

    /** The same round and subscription in another state. */
    static long withState(long word, long state) {
        return (word & ~STATE_MASK) | state;
    }

    /** The next round. */
    static long next(long word, long subscription, long state) {
        return (subscription << SUBSCRIPTION_SHIFT) | (((roundOf(word) + 1) & ROUND_MASK) << ROUND_SHIFT) | state;
    }

    /** How many rounds the second is after the first. */
    static long distance(long round, long later) {
        return (later - round) & ROUND_MASK;
    }
}
