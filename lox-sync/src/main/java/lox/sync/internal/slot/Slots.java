package lox.sync.internal.slot;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.internal.core.UnreceivedResults;
import lox.sync.internal.result.StackProbe;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one batch: an array that grows without ever moving an element. A slot holds first the argument of a
 * task, then its result. A byte beside it holds the state.
 *
 * <pre>
 *            store             claim              finish
 *   EMPTY ---------&gt; FULL ---------&gt; CLAIMED ----------&gt; DONE --------&gt; LISTED
 *         producer    |     lane        |      lane              asCompleted
 *                     |                 +--------------&gt; FAILED ------&gt; REPORTED
 *                     |                          lane          thread that reports a failure
 *                     +--------------------------------&gt; DROPPED       no observer can receive
 *                              thread that ends the batch
 *
 *   Between two attempts of a task that is tried again later:
 *
 *            delay             time over             readmit
 *   CLAIMED -------&gt; DELAYED ------------&gt; CLAIMED ----------&gt; FULL, or WAITING as below
 *            lane        |   shared thread
 *                        +------------------------------------&gt; DROPPED, as from FULL
 *
 *   In a chain, between one function and the next:
 *
 *            pass                       claim
 *   CLAIMED ------&gt; WAITING for stage k ------&gt; CLAIMED                  or DROPPED, as from FULL
 *            lane of stage k - 1       lane of stage k
 * </pre>
 *
 * <b>Invariant.</b> Every change out of FULL, DELAYED, WAITING, FAILED and DONE is one compare-and-set, and the thread
 * that wins it owns the slot's content. So an attempt at a task is made at most once and is never both run and dropped,
 * whatever else fails around it. FULL and each WAITING occur only once in a slot's life, so a late thread finds nothing
 * to take; except for a task that is put back because it was not started, or is tried again, which such a thread may
 * run as well as any other.
 *
 * <p>Slots lie in groups: group k has 32·2<sup>k</sup> of them. So a small batch stays small, and an index is found
 * with one count of leading zeros, which sequential access needs once per chunk only. A group is one chunk, or several
 * of {@value #LARGEST_CHUNK} slots each if it is larger than that, because garbage collectors handle huge arrays badly.
 * At most one chunk is unused, so a task costs 5 bytes with compressed references, and at most 10 in a small batch. The
 * first thread that needs a group or a chunk installs it with a compare-and-set.
 */
public final class Slots {
    /** A task whose last attempt has failed and which waits for its next one, held by no lane. */
    public static final byte DELAYED = -1;

    public static final byte EMPTY = 0;
    public static final byte FULL = 1;
    public static final byte CLAIMED = 2;
    public static final byte DONE = 3;
    public static final byte FAILED = 4;
    public static final byte REPORTED = 5;
    public static final byte DROPPED = 6;

    /**
     * A result that is in the completion-order list, if one is kept, or that is given to the gatherer of a batch that
     * has not completed. The thread that {@linkplain UnreceivedResults discards} a result moves it from here or from
     * DONE to DROPPED.
     */
    public static final byte LISTED = 7;

    /** The most stages that a state byte can distinguish. */
    public static final int MOST_STAGES = Byte.MAX_VALUE - LISTED;

    /** The state of an item that waits for a stage of its chain; the first stage is 1. */
    public static byte waitingFor(int stage) {
        return (byte) (LISTED + stage);
    }

    /** The stage that an item waits for; 0 if it is in none of these states. */
    public static int stageOf(byte state) {
        return Math.max(0, state - LISTED);
    }

    public static boolean isFailure(byte state) {
        return state == FAILED || state == REPORTED;
    }

    public static boolean isResult(byte state) {
        return state == DONE || state == LISTED;
    }

    /** One chunk. Both arrays have the same length. Slots are addressed by their indices in the batch. */
    public static final class Chunk {
        private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(byte[].class);

        private final int first;
        private final @Nullable Object[] values;
        private final byte[] states;

        Chunk(int first, int size) {
            this.first = first;
            this.values = new @Nullable Object[size];
            this.states = new byte[size];
        }

        public boolean holds(int index) {
            int offset = index - first;
            return offset >= 0 && offset < states.length;
        }

        public @Nullable Object value(int index) {
            return values[index - first];
        }

        public byte state(int index) {
            return (byte) STATE.getAcquire(states, index - first);
        }

        /** How many adjacent slots of this chunk are full, from {@code index} on; at most {@code most}. */
        private int full(int index, int most) {
            int from = index - first;
            int to = from + Math.min(most, states.length - from);
            int at = from;
            while (at < to && (byte) STATE.getAcquire(states, at) == FULL) {
                at++;
            }
            return at - from;
        }

        /** Publishes an argument. The volatile store orders it before the producer's read of the laneCount. */
        public void fill(int index, @Nullable Object argument) {
            values[index - first] = argument;
            STATE.setVolatile(states, index - first, FULL);
        }

        /** Whether the last slot has been filled. */
        private boolean isUsedUp() {
            return (byte) STATE.get(states, states.length - 1) != EMPTY;
        }

        /** Publishes one of many arguments. After the last one the producer needs a full fence. */
        void fillNext(int index, @Nullable Object argument) {
            values[index - first] = argument;
            STATE.setRelease(states, index - first, FULL);
        }

        /** Publishes the outcome of a claimed slot, or its next state. */
        public void finish(int index, @Nullable Object result, byte state) {
            values[index - first] = result;
            STATE.setRelease(states, index - first, state);
        }

        /** Clears the content that its owner has taken. The state stays. */
        public void forget(int index) {
            values[index - first] = null;
        }

        public boolean move(int index, byte from, byte to) {
            return STATE.compareAndSet(states, index - first, from, to);
        }
    }

    private static final int FIRST_GROUP = 32;
    private static final int GROUPS = 27;
    private static final int CHUNK_BITS = 16;
    private static final int LARGEST_CHUNK = 1 << CHUNK_BITS;
    private static final int LEADING_ZEROS_OF_FIRST = Integer.numberOfLeadingZeros(FIRST_GROUP);
    private static final VarHandle GROUP = MethodHandles.arrayElementVarHandle(Chunk[][].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(Chunk[].class);

    /**
     * The chunk stored to last. Producers pass through a chunk together, so few have to look theirs up. Not volatile:
     * any chunk that holds the index will do, and a chunk's range is final.
     */
    private @Nullable Chunk lastStored;

    private final @Nullable Chunk @Nullable [] @Nullable [] groups; // null if there is only one chunk

    Slots() {
        groups = new @Nullable Chunk @Nullable [GROUPS][];
    }

    private Slots(Chunk only) {
        groups = null;
        lastStored = only;
    }

    /** Creates slots for exactly one element. */
    static Slots forOne() {
        return new Slots(new Chunk(0, 1));
    }

    private static int group(int index) {
        // The sum may exceed Integer.MAX_VALUE. It is still right when read as unsigned.
        return LEADING_ZEROS_OF_FIRST - Integer.numberOfLeadingZeros(index + FIRST_GROUP);
    }

    private static int withinGroup(int index) {
        int position = index + FIRST_GROUP;
        return position ^ Integer.highestOneBit(position);
    }

    /** The chunk of an index, or null if no producer has needed it yet. */
    public @Nullable Chunk chunk(int index) {
        if (groups == null) {
            return lastStored;
        }
        Chunk[] group = (Chunk[]) GROUP.getAcquire(groups, group(index));
        return group == null ? null : (Chunk) CHUNK.getAcquire(group, withinGroup(index) >>> CHUNK_BITS);
    }

    /** The chunk of an index whose slot is known to have been filled. */
    public Chunk filledChunk(int index) {
        Chunk chunk = chunk(index);
        if (chunk == null) {
            throw new IllegalStateException("no chunk for slot " + index);
        }
        return chunk;
    }

    /** The chunk of an index whose slot is known to have been filled, with the chunk used last as a hint. */
    public Chunk filledChunk(int index, @Nullable Chunk last) {
        return last != null && last.holds(index) ? last : filledChunk(index);
    }

    /**
     * Ends here, rather than between the reservation of an index and the store, where the stack is nearly used up. It
     * goes about as deep as a store into a chunk that exists; before one that has to create the next chunk, it probes.
     *
     * @throws StackOverflowError if a store might end in one
     */
    void checkStore() {
        Chunk last = lastStored;
        if (last == null || last.isUsedUp()) {
            StackProbe.checkInnermost();
        }
    }

    /** The chunk of an index, created if absent. */
    public Chunk chunkForStore(int index) {
        Chunk last = lastStored;
        return last != null && last.holds(index) ? last : nextForStore(index);
    }

    private Chunk nextForStore(int index) {
        Chunk chunk = chunk(index);
        Chunk next = chunk != null ? chunk : install(index);
        lastStored = next;
        return next;
    }

    private Chunk install(int index) {
        int number = group(index);
        int within = withinGroup(index) >>> CHUNK_BITS;
        // The last group has at most 31 slots before the indices end.
        int size = number == GROUPS - 1 ? FIRST_GROUP : FIRST_GROUP << number;
        Chunk[] group = (Chunk[]) GROUP.getAcquire(groups, number);
        if (group == null) {
            Chunk[] made = new Chunk[Math.max(1, size / LARGEST_CHUNK)];
            Chunk[] witness = (Chunk[]) GROUP.compareAndExchange(groups, number, (Chunk[]) null, made);
            group = witness != null ? witness : made;
        }
        int first = (FIRST_GROUP << number) - FIRST_GROUP + (within << CHUNK_BITS);
        Chunk made = new Chunk(first, Math.min(size, LARGEST_CHUNK));
        Chunk witness = (Chunk) CHUNK.compareAndExchange(group, within, (Chunk) null, made);
        return witness != null ? witness : made;
    }

    /** How many adjacent slots are full, from {@code index} on; at most {@code most}. */
    int full(int index, int most) {
        int count = 0;
        Chunk chunk = chunk(index);
        while (chunk != null) {
            count += chunk.full(index + count, most - count);
            if (count == most || chunk.holds(index + count)) {
                break;
            }
            chunk = chunk(index + count);
        }
        return count;
    }

    public byte state(int index) {
        Chunk chunk = chunk(index);
        return chunk == null ? EMPTY : chunk.state(index);
    }

    @Nullable
    public Object value(int index) {
        return filledChunk(index).value(index);
    }
}
