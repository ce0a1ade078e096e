package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * Finds the chunk of a slot, and remembers it: the next slot lies there too, as a rule, and looking it up takes some nanoseconds, which
 * a trivial task would notice. Belongs to one lane; not thread-safe.
 */
final class ChunkCursor {
    private @Nullable Slots slots;
    private Slots.@Nullable Chunk chunk;
    private int start;

    /** The chunk of a slot that is known to have been filled. */
    Slots.Chunk filled(Slots of, int index) {
        Slots.Chunk known = chunk;
        return known != null && isIn(known, of, index) ? known : keep(of, of.filledChunk(index), index);
    }

    /** The chunk of a slot that is to be filled, made if it is not there. */
    Slots.Chunk forStore(Slots of, int index) {
        Slots.Chunk known = chunk;
        return known != null && isIn(known, of, index) ? known : keep(of, of.chunkForStore(index), index);
    }

    private boolean isIn(Slots.Chunk known, Slots of, int index) {
        return slots == of && Integer.compareUnsigned(index - start, known.size()) < 0;
    }

    private Slots.Chunk keep(Slots of, Slots.Chunk found, int index) {
        slots = of;
        start = index - Slots.offset(index);
        chunk = found;
        return found;
    }

    /** Lets go of it, so that an idle lane keeps no results alive. */
    void clear() {
        slots = null;
        chunk = null;
    }
}
