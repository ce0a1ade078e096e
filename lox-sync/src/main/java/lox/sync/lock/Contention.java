package lox.sync.lock;

/**
 * What a thread does that has lost a compare-and-set to another: it keeps off the word for a moment, so that the other can
 * make a few passes with the word in its cache, instead of tearing it away after each.
 *
 * <p>It is a delay and not a wait: less than a microsecond, or a few, however long the other takes. {@link Thread#onSpinWait}
 * would be the means, but BlockHound holds that to be blocking, and this is run by threads that must not block.
 */
final class Contention {
    /** Fewer than 50, from which on Lincheck takes a loop for one that never ends. */
    private static final int ROUNDS = 48;

    private static final int SEED = 0x9E3779B9;

    private Contention() {}

    /** Where the winner's pass takes one word. */
    static void stepAside() {
        check(delay(SEED));
    }

    /** Where it takes several, sixteen times as long. */
    static void stepFarAside() {
        check(fourDelays(fourDelays(fourDelays(fourDelays(SEED)))));
    }

    private static int fourDelays(int random) {
        return delay(delay(delay(delay(random))));
    }

    private static int delay(int seed) {
        int random = seed;
        for (int i = 0; i < ROUNDS; i++) { // each step needs the one before, so none can be left out
            random = xorshift(xorshift(xorshift(xorshift(random))));
        }
        return random;
    }

    private static int xorshift(int random) {
        int next = random;
        next ^= next << 13;
        next ^= next >>> 17;
        next ^= next << 5;
        return next;
    }

    /** What is never used might never be done. */
    private static void check(int random) {
        if (random == 0) {
            throw new AssertionError("xorshift never comes to 0");
        }
    }
}
