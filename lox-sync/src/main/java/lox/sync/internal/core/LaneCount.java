package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the lanes of one Scatter in one word: how many there are, and how many of them are searching for work.
 *
 * <pre>
 *                join                    found
 *   (no lane) ---------&gt; SEARCHING ------------------&gt; BUSY
 *       ^                    | leave                     | leave
 *       +--------------------+---------------------------+
 * </pre>
 *
 * A lane counts as searching from the moment a thread decides to start it, long before the lane's own thread runs. This
 * keeps a burst of scatters from starting a burst of lanes: no more than one or two are starting at any time.
 *
 * <p><b>Invariant.</b> While a slot is full and unclaimed, some lane is searching, or as many lanes as allowed are
 * busy, or a thread is between the steps of the protocol below and will see the slot.
 *
 * <ul>
 *   <li>A producer fills its slot, then reads this word. If too few lanes are searching and there is room, the producer
 *       joins a lane.
 *   <li>A lane that finds work stops searching, then looks at the slots again. If there is more work, it joins the next
 *       lane.
 *   <li>A lane that finds no work leaves, then looks at the slots again. If there is work, it joins anew.
 *   <li>A thread that seals or ends a batch, and so moves the front to the next batch, then looks at that batch. If
 *       that batch has a full slot, the thread joins a lane. Lanes that looked earlier could not see past the front.
 * </ul>
 *
 * Each first step is a full fence before the second, so of two threads that meet at least one sees the other (Dekker's
 * algorithm). A busy lane looks for more work before it leaves, so a thread that finds the count full has nothing to
 * do.
 */
final class LaneCount {
    private static final long ONE_LANE = 1L << 32;
    private static final long ONE_SEARCHING = 1L;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(LaneCount.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long word;

    private static boolean lacksLane(long word, int searchers, int limit) {
        return (int) word < searchers && (word >>> 32) < limit;
    }

    /** Whether the work available now needs one more lane. */
    boolean lacksLane(int searchers, int limit) {
        return lacksLane(word, searchers, limit);
    }

    /**
     * Counts one more lane, as searching. Returns false if {@code searchers} lanes search already, or {@code limit}
     * lanes exist.
     */
    boolean join(int searchers, int limit) {
        for (; ; ) {
            long now = word;
            if (!lacksLane(now, searchers, limit)) {
                return false;
            }
            if (WORD.compareAndSet(this, now, now + ONE_LANE + ONE_SEARCHING)) {
                return true;
            }
        }
    }

    /** Counts one more lane, as busy: it has begun with a task of its own, and holds a place already. */
    void joinBusy() {
        WORD.getAndAdd(this, ONE_LANE);
    }

    /** Counts a searching lane as busy: it has found work. */
    void found() {
        WORD.getAndAdd(this, -ONE_SEARCHING);
    }

    /** Counts a busy lane as searching again. */
    void search() {
        WORD.getAndAdd(this, ONE_SEARCHING);
    }

    /** Removes a lane that ends or will not run. */
    void leave(boolean searching) {
        WORD.getAndAdd(this, -(searching ? ONE_LANE + ONE_SEARCHING : ONE_LANE));
    }

    /** How many lanes there are, including those being started. */
    int lanes() {
        return (int) (word >>> 32);
    }
}
