package lox.sync.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The three counters that drive a batch, each on its own cache line, because different threads write them.
 *
 * <ul>
 *   <li><b>tail</b>: the next index to hand out. Producers add to it; the seal is a bit in it.
 *   <li><b>head</b>: the first slot that no lane has claimed. Lanes advance it. head ≤ tail.
 *   <li><b>finished</b>: how many tasks have run. Lanes add to it, a run at a time.
 * </ul>
 */
public final class Counters {
    private static final long SEALED = 1L << 62;

    /** Sixteen longs: two cache lines, since processors fetch neighbouring lines in pairs. */
    private static final int APART = 16;

    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

    private final int tail;
    private final int head;
    private final int finished;
    private final long[] counters;

    /** {@code small}: places the counters side by side, for a batch too small to suffer from false sharing. */
    Counters(boolean small) {
        tail = small ? 0 : APART;
        head = small ? 1 : 2 * APART;
        finished = small ? 2 : 3 * APART;
        counters = new long[small ? 3 : 4 * APART];
    }

    /** Reserves the next index; a number for which {@link #isSealed} is true if there are no more. */
    long reserve() {
        return (long) COUNTER.getAndAdd(counters, tail, 1L);
    }

    /** Reserves adjacent indices, and returns the first. */
    long reserve(int count) {
        return (long) COUNTER.getAndAdd(counters, tail, (long) count);
    }

    static boolean isSealed(long reserved) {
        return (reserved & SEALED) != 0;
    }

    /** Stops the handing out of indices, once. Returns how many were handed out. */
    long seal() {
        return (long) COUNTER.getAndBitwiseOr(counters, tail, SEALED);
    }

    /** How many indices have been handed out; too many once sealed. */
    long reserved() {
        return (long) COUNTER.getVolatile(counters, tail) & ~SEALED;
    }

    public long head() {
        return (long) COUNTER.getVolatile(counters, head);
    }

    /** Moves the head if it is at {@code from}. Returns where it was. */
    public long moveHead(long from, long to) {
        return (long) COUNTER.compareAndExchange(counters, head, from, to);
    }

    public long finished() {
        return (long) COUNTER.getVolatile(counters, finished);
    }

    /** Adds tasks that have run. Returns the new count. */
    public long finish(int tasks) {
        return (long) COUNTER.getAndAdd(counters, finished, (long) tasks) + tasks;
    }
}
