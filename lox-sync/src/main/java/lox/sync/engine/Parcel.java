package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/** A task on its way to a worker elsewhere: its slot in its batch, and what lay there or came from the stage before. */
record Parcel(
        Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
    /** Its batch has ended before it was sent. */
    void drop() {
        Leftovers.drop(home, chunk, index, content);
    }
}
