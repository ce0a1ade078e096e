package lox.sync.hot;

/**
 * What {@link Rounds} keep in one word: which shared outlet the walker is in (24 bits; 0 is none), the number of the round
 * (38 bits, which wrap), and how the round stands (2 bits).
 */
final class RoundWord {
    /** Nobody walks. The first word there is. */
    static final long FREE = 0;
    /** Somebody walks. */
    static final long BUSY = 1;
    /** Somebody walks, and is to walk once more. */
    static final long MISSED = 2;
    /** Somebody has taken over, and it is not yet noted from where. */
    static final long TAKEN = 3;

    /** The greatest number of an outlet. */
    static final int MOST_OUTLETS = (1 << 24) - 1;

    private static final long STATE_MASK = 3;
    private static final int ROUND_SHIFT = 2;
    private static final int OUTLET_SHIFT = 40;
    private static final long ROUND_MASK = ((1L << OUTLET_SHIFT) - 1) >>> ROUND_SHIFT;
    private static final long OUTLET_MASK = -1L << OUTLET_SHIFT;

    private RoundWord() {}

    static long stateOf(long word) {
        return word & STATE_MASK;
    }

    static long roundOf(long word) {
        return (word >>> ROUND_SHIFT) & ROUND_MASK;
    }

    static int outletOf(long word) {
        return (int) (word >>> OUTLET_SHIFT);
    }

    /** The round before a round. */
    static long before(long round) {
        return (round - 1) & ROUND_MASK;
    }

    /** The same round, in another outlet. */
    static long in(long word, long outlet) {
        return (outlet << OUTLET_SHIFT) | (word & ~OUTLET_MASK);
    }

    /** The same round and outlet, in another state. */
    static long as(long word, long state) {
        return (word & ~STATE_MASK) | state;
    }

    /** The next round. */
    static long next(long word, long outlet, long state) {
        return (outlet << OUTLET_SHIFT) | (((roundOf(word) + 1) & ROUND_MASK) << ROUND_SHIFT) | state;
    }

    /** Whether the second is the round right after the first. */
    static boolean isNext(long word, long later) {
        return roundOf(word) == before(roundOf(later));
    }
}
