package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The three counters that drive a batch, each on a cache line of its own, because different threads write them.
 *
 * <ul>
 *   <li><b>tail</b>: the next index to hand out. Producers add to it; the seal is a bit in it.
 *   <li><b>head</b>: the first slot that no lane has claimed. Lanes move it on. head ≤ tail.
 *   <li><b>finished</b>: how many tasks have run. Lanes add to it, a run at a time.
 * </ul>
 */
final class Counters {
    private static final long SEALED = 1L << 62;

    // Sixteen longs apart: two cache lines, since processors fetch neighbours in pairs.
    private static final int TAIL = 16;
    private static final int HEAD = 32;
    private static final int FINISHED = 48;
    private static final int LENGTH = 64;
    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counters = new long[LENGTH];

    /** The next index; a number for which {@link #isSealed} is true if there are no more. */
    long reserve() {
        return (long) COUNTER.getAndAdd(counters, TAIL, 1L);
    }

    static boolean isSealed(long reserved) {
        return (reserved & SEALED) != 0;
    }

    /** Ends the handing out of indices, once. Returns how many there were. */
    long seal() {
        return (long) COUNTER.getAndBitwiseOr(counters, TAIL, SEALED);
    }

    /** How many indices have been handed out; too many once it is sealed. */
    long reserved() {
        return (long) COUNTER.getVolatile(counters, TAIL) & ~SEALED;
    }

    long head() {
        return (long) COUNTER.getVolatile(counters, HEAD);
    }

    /** Moves the head, if it is where the caller thinks. Returns where it was. */
    long moveHead(long from, long to) {
        return (long) COUNTER.compareAndExchange(counters, HEAD, from, to);
    }

    long finished() {
        return (long) COUNTER.getVolatile(counters, FINISHED);
    }

    /** Counts tasks that have run. Returns how many there are now. */
    long finish(int tasks) {
        return (long) COUNTER.getAndAdd(counters, FINISHED, (long) tasks) + tasks;
    }
}
