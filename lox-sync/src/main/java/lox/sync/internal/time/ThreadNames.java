package lox.sync.internal.time;

import java.util.BitSet;

/**
 * The names of the threads that work for one {@code Workers}: {@code name-1}, {@code name-2} and so on, the lowest free
 * number first.
 */
final class ThreadNames {
    private final String prefix;
    private final BitSet taken = new BitSet();

    ThreadNames(String name) {
        this.prefix = name + "-";
    }

    synchronized int take() {
        int number = taken.nextClearBit(1);
        taken.set(number);
        return number;
    }

    synchronized void giveBack(int number) {
        taken.clear(number);
    }

    String name(int number) {
        return prefix + number;
    }
}
