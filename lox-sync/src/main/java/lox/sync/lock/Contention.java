package lox.sync.lock;

/**
 * What a thread does that has lost a compare-and-set to another: it keeps off the word for a moment, so that the other can
 * make a few passes with the word in its cache, instead of tearing it away after each.
 *
 * <p>It is a delay and not a wait: fractions of a microsecond, however long the other takes. {@link Thread#onSpinWait} would
 * be the means, but BlockHound holds that to be blocking, and this is run by threads that must not block.
 */
final class Contention {
    /** Fewer than 50, from which on Lincheck takes a loop for one that never ends. */
    private static final int ROUNDS = 48;

    private Contention() {}

    static void stepAside() {
        int random = 0x9E3779B9;
        for (int i = 0; i < ROUNDS; i++) { // each step needs the one before, so none can be left out
            random = xorshift(xorshift(xorshift(xorshift(random))));
        }
        if (random == 0) {
            throw new AssertionError("xorshift never comes to 0");
        }
    }

    private static int xorshift(int random) {
        int next = random;
        next ^= next << 13;
        next ^= next >>> 17;
        next ^= next << 5;
        return next;
    }
}
