package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the lanes of one Scatter in one word: how many there are, and how many of them are looking for work.
 *
 * <pre>
 *                join                    found
 *   (no lane) ---------&gt; SEARCHING ------------------&gt; BUSY
 *       ^                    | leave                     | leave
 *       +--------------------+---------------------------+
 * </pre>
 *
 * A lane counts as searching from the moment somebody decides to start it, long before its thread runs. That is what keeps a
 * storm of scatters from starting a storm of lanes: no more than one or two are on their way at any time.
 *
 * <p><b>Invariant.</b> While a slot is full and unclaimed, some lane is searching, or as many lanes as allowed are busy, or
 * somebody is between the steps of the protocol below and will see the slot.
 *
 * <ul>
 *   <li>A producer fills its slot, then reads this word: if nobody searches and there is room, it joins a lane.
 *   <li>A lane that finds work stops searching, then looks at the slots again: if there is more, it joins the next lane.
 *   <li>A lane that finds none leaves, then looks at the slots again: if there is some, it joins anew.
 *   <li>Who seals or ends a batch, and so moves the front on to the next one, then looks at that: if it has a full slot, he joins
 *       a lane. The lanes that looked before could not see behind the front.
 * </ul>
 *
 * Each first step is a full fence before the second, so of two that meet at least one sees the other (Dekker's argument). A busy
 * lane looks for more before it leaves, which is why a full crew owes nobody anything.
 */
final class Crew {
    private static final long ONE_LANE = 1L << 32;
    private static final long ONE_SEARCHING = 1L;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Crew.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long word;

    private static boolean lacksLane(long word, int searchers, int limit) {
        return (int) word < searchers && (word >>> 32) < limit;
    }

    /** Whether work that lies there now needs one more lane. */
    boolean lacksLane(int searchers, int limit) {
        return lacksLane(word, searchers, limit);
    }

    /** Counts one more lane, as searching. False if that many search, or are there, already. */
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

    /** A searching lane has found work. */
    void found() {
        WORD.getAndAdd(this, -ONE_SEARCHING);
    }

    /** A busy lane searches again. */
    void search() {
        WORD.getAndAdd(this, ONE_SEARCHING);
    }

    /** A lane ends, or hands its place over. */
    void leave(boolean searching) {
        WORD.getAndAdd(this, -(searching ? ONE_LANE + ONE_SEARCHING : ONE_LANE));
    }

    /** How many lanes there are, those on their way included. */
    int lanes() {
        return (int) (word >>> 32);
    }
}
