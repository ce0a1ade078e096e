package lox.sync.internal.slot;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free FIFO queue of slots that many producers fill and many lanes claim.
 *
 * <pre>
 *     0            head                     tail          capacity
 *     |             |                        |               |
 *     +-- claimed --+-- full, or about to be +--- not yet ---+
 *                   |                        |
 *               lanes claim           producers reserve, then fill
 * </pre>
 *
 * <p><b>Invariants.</b> The head moves over full slots only, so a lane never waits for a producer that was suspended
 * between taking an index and filling its slot. The same addition to the tail that seals the queue fixes its size: a
 * producer either got its index before, and is counted, or sees the seal and goes to the next queue. Each slot is
 * started once, by compare-and-set.
 */
public abstract class SlotQueue {
    private final Counters counters;
    private final Slots slots;
    private final int capacity;
    private volatile int size;

    /**
     * Creates a queue of at most {@code capacity} slots. With a size of zero or more it is sealed from the start, for
     * exactly that many.
     */
    protected SlotQueue(int capacity, int size) {
        this.counters = new Counters(false);
        this.slots = new Slots();
        this.capacity = capacity;
        this.size = size;
    }

    /** Creates a queue with a single slot, whose index has been handed out. */
    protected SlotQueue() {
        this.counters = new Counters(true);
        this.slots = Slots.forOne();
        this.capacity = 1;
        this.size = -1;
        counters.reserve();
        close();
    }

    /** The exception to throw when more slots are requested than the queue can have. */
    protected abstract IllegalStateException overflow(int most);

    public final Slots slots() {
        return slots;
    }

    public final Counters counters() {
        return counters;
    }

    // ---- producers -------------------------------------------------------------------------------------------------

    /**
     * Reserves the next index. Returns -1 if the queue is sealed: the caller then uses the next queue.
     *
     * @throws StackOverflowError if there may not be enough stack to fill the slot; then nothing has been reserved
     */
    public final int reserve() {
        slots.checkStore();
        long index = counters.reserve();
        if (index >= capacity) {
            if (Counters.isSealed(index) || size >= 0) {
                return -1;
            }
            throw overflow(capacity);
        }
        return (int) index;
    }

    /**
     * Reserves adjacent indices and returns the first; -1 if the queue is sealed. For a queue with one producer.
     *
     * @throws IllegalStateException if the queue cannot have as many; then none has been reserved
     */
    public final int reserve(int count) {
        if (counters.reserved() + count > capacity && size < 0) {
            throw overflow(capacity);
        }
        long first = counters.reserve(count);
        return Counters.isSealed(first) || size >= 0 ? -1 : (int) first;
    }

    /** Fills reserved slots, from {@code first} on, with so many arguments. */
    public final void fill(int first, @Nullable Object[] arguments, int count) {
        Slots.Chunk chunk = slots.chunkForStore(first);
        for (int i = 0; i < count; i++) {
            if (!chunk.holds(first + i)) {
                chunk = slots.chunkForStore(first + i);
            }
            chunk.fillNext(first + i, arguments[i]);
        }
        VarHandle.fullFence(); // as a volatile store would be, before the producer looks at the lanes
    }

    /** Fills a reserved slot. From now on a lane may run it. */
    public final void fill(int index, @Nullable Object argument) {
        slots.chunkForStore(index).fill(index, argument);
    }

    /** Fills a reserved slot as started, for a caller that runs it itself. */
    public final void fillStarted(int index, @Nullable Object argument) {
        slots.chunkForStore(index).finish(index, argument, Slots.CLAIMED);
    }

    // ---- lanes -----------------------------------------------------------------------------------------------------

    /** How many adjacent slots are full, from a head that was read; at most {@code most}. */
    public final int full(long head, int most) {
        int first = (int) head;
        return head < capacity ? slots.full(first, Math.min(most, capacity - first)) : 0;
    }

    /** Whether a claim would find a full slot. */
    public final boolean hasUnclaimed() {
        long head = counters.head();
        return head < capacity && slots.state((int) head) == Slots.FULL;
    }

    /** Whether at least {@code slotsBehind} slots are full and unclaimed; an estimate. */
    public boolean hasBacklog(int slotsBehind) {
        long last = counters.head() + slotsBehind;
        return last < capacity && slots.state((int) last) == Slots.FULL;
    }

    /** Whether no indices are handed out any more. */
    public final boolean isSealed() {
        return size >= 0;
    }

    /** Whether this sealed queue has unclaimed slots: full ones, or ones that a producer is about to fill. */
    public final boolean isIncomplete() {
        return counters.head() < upperBound();
    }

    /** The given end of a run, or the head if that is nearer: every slot below it has been claimed by some lane. */
    public final int claimedUpTo(int end) {
        return (int) Math.min(end, counters.head());
    }

    /** Takes a full slot for good. The caller that gets true runs or drops it. */
    public final boolean start(int index) {
        return slots.filledChunk(index).move(index, Slots.FULL, Slots.CLAIMED);
    }

    // ---- its end ---------------------------------------------------------------------------------------------------

    /** Stops the handing out of indices. Called once. */
    public final void close() {
        long reserved = counters.seal();
        size = (int) Math.min(reserved, capacity);
    }

    /** The number of slots; -1 until it is fixed. */
    public final int size() {
        return size;
    }

    /** The number of slots handed out: all slots below it are filled, or about to be. */
    public final int upperBound() {
        int all = size;
        return (int) Math.min(counters.reserved(), all >= 0 ? all : capacity);
    }

    /** Whether every slot that was handed out has been run or dropped. */
    public final boolean isIdle() {
        return counters.finished() == counters.reserved();
    }

    /**
     * The number of slots from {@code lowest} below the head that are claimed and not started, plus the unclaimed ones
     * above it.
     */
    public final long unstartedFrom(int lowest, int head) {
        long unstarted = Math.max(0, upperBound() - head);
        for (int i = lowest; i < head; i++) {
            unstarted += slots.state(i) == Slots.FULL ? 1 : 0;
        }
        return unstarted;
    }
}
