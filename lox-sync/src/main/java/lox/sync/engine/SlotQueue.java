package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * A row of slots that many producers fill and many lanes claim, first in, first out, without a lock.
 *
 * <pre>
 *     0            head                     tail          capacity
 *     |             |                        |               |
 *     +-- claimed --+-- full, or about to be +--- not yet ---+
 *                   |                        |
 *               lanes claim           producers reserve, then fill
 * </pre>
 *
 * <p><b>Invariants.</b> The head moves over full slots only, so a lane never waits for a producer that was suspended between taking
 * an index and filling its slot. The size is fixed by the very addition to the tail that seals the queue: a producer either got its
 * index before, and is counted, or sees the seal and goes to the next queue. Each slot is started once, by compare-and-set.
 */
abstract class SlotQueue {
    private final Counters counters = new Counters();
    private final Slots slots = new Slots();
    private final int capacity;
    private volatile int size;

    /** Makes one for at most so many slots; with a size of zero or more it is sealed from the beginning, for just as many. */
    SlotQueue(int capacity, int size) {
        this.capacity = capacity;
        this.size = size;
    }

    /** What it is the slots of. */
    abstract Batch batch();

    /** What to throw when more slots are asked for than it can have. */
    abstract IllegalStateException overflow(int most);

    final Slots slots() {
        return slots;
    }

    final Counters counters() {
        return counters;
    }

    // ---- producers -------------------------------------------------------------------------------------------------

    /** Takes the next index. Returns -1 if it is sealed: the next queue is the place to go. */
    final int reserve() {
        long index = counters.reserve();
        if (index >= capacity) {
            if (Counters.isSealed(index) || size >= 0) {
                return -1;
            }
            throw overflow(capacity);
        }
        return (int) index;
    }

    /** Fills a reserved slot: from here on a lane may run it. */
    final void fill(int index, @Nullable Object argument) {
        slots.chunkForStore(index).fill(index, argument);
    }

    /** Fills a reserved slot as started, for a caller that runs it itself. */
    final void fillStarted(int index, @Nullable Object argument) {
        slots.chunkForStore(index).finish(index, argument, Slots.CLAIMED);
    }

    // ---- lanes -----------------------------------------------------------------------------------------------------

    /** Claims up to {@code most} full slots at the head for a lane and opens its window over them. Returns how many. */
    final int claim(Window window, int most) {
        long head = counters.head();
        for (; ; ) {
            int first = (int) head;
            int count = head < capacity ? slots.full(first, most) : 0;
            long now;
            if (count > 0) {
                window.open(batch(), first, first + count);
                now = counters.moveHead(head, head + count);
                if (now == head) {
                    return count;
                }
            } else {
                now = counters.head();
                if (now == head) {
                    return 0;
                }
            }
            head = now;
        }
    }

    /** Whether a claim would find something. */
    final boolean hasUnclaimed() {
        long head = counters.head();
        return head < capacity && slots.state((int) head) == Slots.FULL;
    }

    /** Whether at least so many slots are full and unclaimed, roughly. */
    final boolean hasBacklog(int slotsBehind) {
        long last = counters.head() + slotsBehind;
        return last < capacity && slots.state((int) last) == Slots.FULL;
    }

    /** Whether no more slots will be filled than have indices now. */
    final boolean isSealed() {
        return size >= 0;
    }

    /** Whether slots of this sealed queue are unclaimed: full ones, or such as a producer is about to fill. */
    final boolean isIncomplete() {
        return counters.head() < upperBound();
    }

    /** The given end of a run, or the head if that is nearer: below it every slot has been claimed by some lane. */
    final int claimedUpTo(int end) {
        return (int) Math.min(end, counters.head());
    }

    /** Takes a full slot for good. Who gets true runs it or drops it. */
    final boolean start(int index) {
        return slots.filledChunk(index).move(index, Slots.FULL, Slots.CLAIMED);
    }

    // ---- its end ---------------------------------------------------------------------------------------------------

    /** Ends the handing out of indices. To be called once. */
    final void close() {
        long reserved = counters.seal();
        size = (int) Math.min(reserved, capacity);
    }

    /** How many slots there are; -1 until that is fixed. */
    final int size() {
        return size;
    }

    /** How many slots are handed out: below it they are filled, or about to be. */
    final int upperBound() {
        int all = size;
        return (int) Math.min(counters.reserved(), all >= 0 ? all : capacity);
    }

    /** Whether every slot that was handed out has been run or dropped. */
    final boolean isIdle() {
        return counters.finished() == counters.reserved();
    }

    /** How many slots below the head, from the given one on, are claimed and not started, and how many above it are unclaimed. */
    final long unstartedFrom(int lowest, int head) {
        long unstarted = Math.max(0, upperBound() - head);
        for (int i = lowest; i < head; i++) {
            unstarted += slots.state(i) == Slots.FULL ? 1 : 0;
        }
        return unstarted;
    }
}
