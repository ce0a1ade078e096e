package lox.sync.lock;

import lox.sync.internal.time.SpinWait;

/**
 * The delay of a thread that has lost a compare-and-set: the winner can make a few passes with the word in its cache,
 * instead of losing the cache line after each.
 *
 * <p>It is a delay and not a wait: it takes less than a microsecond, or a few, whatever the other thread does.
 */
final class Backoff {
    /** About a third of a microsecond where a pause takes 30 ns. */
    private static final int PAUSES = 12;

    private Backoff() {}

    /** For a loop whose winner changes one word. */
    static void shortPause() {
        for (int i = 0; i < PAUSES; i++) {
            SpinWait.pause();
        }
    }

    /** For a loop whose winner changes several words: sixteen times as long. */
    static void longPause() {
        fourShortPauses();
        fourShortPauses();
        fourShortPauses();
        fourShortPauses();
    }

    private static void fourShortPauses() {
        shortPause();
        shortPause();
        shortPause();
        shortPause();
    }
}
