package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one batch: an array that grows without ever moving an element. A slot holds first the argument of a task,
 * then its result, and beside it a byte that says which.
 *
 * <pre>
 *            store             claim              finish
 *   EMPTY ---------&gt; FULL ---------&gt; CLAIMED ----------&gt; DONE --------&gt; LISTED
 *         producer    |     lane        |      lane              asCompleted
 *                     |                 +--------------&gt; FAILED ------&gt; REPORTED
 *                     |                          lane          whoever reports a failure
 *                     +--------------------------------&gt; DROPPED       nobody can receive
 *                              whoever ends the batch
 *
 *   In a chain, between one function and the next:
 *
 *            pass                       claim
 *   CLAIMED ------&gt; WAITING for stage k ------&gt; CLAIMED                  or DROPPED, as from FULL
 *            lane of stage k - 1       lane of stage k
 * </pre>
 *
 * <b>Invariant.</b> Every change out of FULL, WAITING, FAILED and DONE is one compare-and-set, and whoever wins it owns the slot's
 * content. So a task runs at most once and is never both run and dropped, whatever else goes wrong around it. FULL and each WAITING
 * come but once in a slot's life (but for a task that is put back because it was not started), so whoever looks late
 * finds nothing to take.
 *
 * <p>Slots lie in groups: group k has 32·2<sup>k</sup> of them, so a small batch stays small and an index is found with one count
 * of leading zeros; who goes through them in order does that once a chunk. A group is one chunk, or several of
 * {@value #LARGEST_CHUNK} slots each where it is larger than that: garbage collectors treat huge arrays badly. At most a chunk is unused, so a task costs 5 bytes with compressed references, and 10 at
 * worst in a small batch. Groups and chunks are installed with a compare-and-set by whoever needs them first.
 */
final class Slots {
    static final byte EMPTY = 0;
    static final byte FULL = 1;
    static final byte CLAIMED = 2;
    static final byte DONE = 3;
    static final byte FAILED = 4;
    static final byte REPORTED = 5;
    static final byte DROPPED = 6;

    /** A result that stands in the list of those that are complete, if somebody keeps one. */
    static final byte LISTED = 7;

    /** So many stages can be told apart by a byte. */
    static final int MOST_STAGES = Byte.MAX_VALUE - LISTED;

    /** The state of an item that waits for a stage of its chain; the first one is 1. */
    static byte waitingFor(int stage) {
        return (byte) (LISTED + stage);
    }

    /** Which stage an item waits for; 0 if it is in none of these states. */
    static int stageOf(byte state) {
        return Math.max(0, state - LISTED);
    }

    static boolean isFailure(byte state) {
        return state == FAILED || state == REPORTED;
    }

    static boolean isResult(byte state) {
        return state == DONE || state == LISTED;
    }

    /** One chunk. Both arrays have the same length. Its slots are called by the indices that they have in the batch. */
    static final class Chunk {
        private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(byte[].class);

        private final int first;
        private final @Nullable Object[] values;
        private final byte[] states;

        Chunk(int first, int size) {
            this.first = first;
            this.values = new @Nullable Object[size];
            this.states = new byte[size];
        }

        boolean holds(int index) {
            int offset = index - first;
            return offset >= 0 && offset < states.length;
        }

        @Nullable
        Object value(int index) {
            return values[index - first];
        }

        byte state(int index) {
            return (byte) STATE.getAcquire(states, index - first);
        }

        /** How many slots in a row are full, from the given one on, in this chunk; at most so many. */
        private int full(int index, int most) {
            int from = index - first;
            int to = from + Math.min(most, states.length - from);
            int at = from;
            while (at < to && (byte) STATE.getAcquire(states, at) == FULL) {
                at++;
            }
            return at - from;
        }

        /** Publishes an argument. The volatile store orders it before the producer's look at the crew. */
        void fill(int index, @Nullable Object argument) {
            values[index - first] = argument;
            STATE.setVolatile(states, index - first, FULL);
        }

        /** Publishes what came of a claimed slot, or goes on from there. */
        void finish(int index, @Nullable Object result, byte state) {
            values[index - first] = result;
            STATE.setRelease(states, index - first, state);
        }

        /** Lets go of what its owner has taken. The state stays. */
        void forget(int index) {
            values[index - first] = null;
        }

        boolean move(int index, byte from, byte to) {
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
     * The chunk in which somebody has stored last. Producers go through a chunk together, so few have to look for theirs. Not
     * volatile: any chunk will do that holds the index, and what it says of that is final.
     */
    private @Nullable Chunk lastStored;

    private final @Nullable Chunk @Nullable [][] groups = new @Nullable Chunk @Nullable [GROUPS][];

    /** What lies in a slot, with its type back. Nobody but the engine stores there, so the type is right, and so is null. */
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    static <V extends @Nullable Object> V typed(@Nullable Object content) {
        return (V) content;
    }

    private static int group(int index) {
        // The sum may pass Integer.MAX_VALUE. Read as unsigned it is still right.
        return LEADING_ZEROS_OF_FIRST - Integer.numberOfLeadingZeros(index + FIRST_GROUP);
    }

    private static int withinGroup(int index) {
        int position = index + FIRST_GROUP;
        return position ^ Integer.highestOneBit(position);
    }

    /** The chunk of an index, or null where no producer has needed it yet. */
    @Nullable
    Chunk chunk(int index) {
        Chunk[] group = (Chunk[]) GROUP.getAcquire(groups, group(index));
        return group == null ? null : (Chunk) CHUNK.getAcquire(group, withinGroup(index) >>> CHUNK_BITS);
    }

    /** The chunk of an index whose slot is known to have been filled. */
    Chunk filledChunk(int index) {
        Chunk chunk = chunk(index);
        if (chunk == null) {
            throw new IllegalStateException("no chunk for slot " + index);
        }
        return chunk;
    }

    /** The same for one who has come from another slot, and has a chunk at hand. */
    Chunk filledChunk(int index, @Nullable Chunk last) {
        return last != null && last.holds(index) ? last : filledChunk(index);
    }

    /** The chunk of an index, made if it is not there. */
    Chunk chunkForStore(int index) {
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
        // The last group has no more than 31 slots before the indices end.
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

    /** How many slots in a row are full, from the given one on; at most so many. */
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

    byte state(int index) {
        Chunk chunk = chunk(index);
        return chunk == null ? EMPTY : chunk.state(index);
    }

    @Nullable
    Object value(int index) {
        return filledChunk(index).value(index);
    }
}
