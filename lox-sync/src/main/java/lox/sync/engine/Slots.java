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
 * </pre>
 *
 * <b>Invariant.</b> Every change out of FULL, FAILED and DONE is one compare-and-set, and whoever wins it owns the slot's
 * content. So a task runs at most once and is never both run and dropped, whatever else goes wrong around it.
 *
 * <p>Slots lie in groups: group k has 32·2<sup>k</sup> of them, so a small batch stays small and an index is found with one count
 * of leading zeros. A group is one chunk, or several of {@value #LARGEST_CHUNK} slots each where it is larger than that: garbage
 * collectors treat huge arrays badly. At most a chunk is unused, so a task costs 5 bytes with compressed references, and 10 at
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

    static boolean isFailure(byte state) {
        return state == FAILED || state == REPORTED;
    }

    static boolean isResult(byte state) {
        return state == DONE || state == LISTED;
    }

    /** One chunk. Both arrays have the same length. */
    static final class Chunk {
        private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(byte[].class);

        private final @Nullable Object[] values;
        private final byte[] states;

        Chunk(int size) {
            values = new @Nullable Object[size];
            states = new byte[size];
        }

        @Nullable
        Object value(int offset) {
            return values[offset];
        }

        byte state(int offset) {
            return (byte) STATE.getAcquire(states, offset);
        }

        /** Publishes an argument. The volatile store orders it before the producer's look at the crew. */
        void fill(int offset, @Nullable Object argument) {
            values[offset] = argument;
            STATE.setVolatile(states, offset, FULL);
        }

        /** The same without the fence, for a producer that sees to it before it looks. */
        void fillUnfenced(int offset, @Nullable Object argument) {
            values[offset] = argument;
            STATE.setRelease(states, offset, FULL);
        }

        /** Publishes what came of a claimed slot. */
        void finish(int offset, @Nullable Object result, byte state) {
            values[offset] = result;
            STATE.setRelease(states, offset, state);
        }

        /** Lets go of a result that has been taken. Its state stays. */
        void forget(int offset) {
            values[offset] = null;
        }

        boolean move(int offset, byte from, byte to) {
            return STATE.compareAndSet(states, offset, from, to);
        }
    }

    private static final int FIRST_GROUP = 32;
    private static final int GROUPS = 27;
    private static final int CHUNK_BITS = 16;
    private static final int LARGEST_CHUNK = 1 << CHUNK_BITS;
    private static final int LEADING_ZEROS_OF_FIRST = Integer.numberOfLeadingZeros(FIRST_GROUP);
    private static final VarHandle GROUP = MethodHandles.arrayElementVarHandle(Chunk[][].class);
    private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(Chunk[].class);

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

    /** The place of an index in its chunk. */
    static int offset(int index) {
        return withinGroup(index) & (LARGEST_CHUNK - 1);
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

    /** The chunk of an index, made if it is not there. */
    Chunk chunkForStore(int index) {
        Chunk chunk = chunk(index);
        return chunk != null ? chunk : install(group(index), withinGroup(index) >>> CHUNK_BITS);
    }

    private Chunk install(int number, int within) {
        // The last group has no more than 31 slots before the indices end.
        int size = number == GROUPS - 1 ? FIRST_GROUP : FIRST_GROUP << number;
        Chunk[] group = (Chunk[]) GROUP.getAcquire(groups, number);
        if (group == null) {
            Chunk[] made = new Chunk[Math.max(1, size / LARGEST_CHUNK)];
            Chunk[] witness = (Chunk[]) GROUP.compareAndExchange(groups, number, (Chunk[]) null, made);
            group = witness != null ? witness : made;
        }
        Chunk made = new Chunk(Math.min(size, LARGEST_CHUNK));
        Chunk witness = (Chunk) CHUNK.compareAndExchange(group, within, (Chunk) null, made);
        return witness != null ? witness : made;
    }

    byte state(int index) {
        Chunk chunk = chunk(index);
        return chunk == null ? EMPTY : chunk.state(offset(index));
    }

    @Nullable
    Object value(int index) {
        return filledChunk(index).value(offset(index));
    }
}
