package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * An item of a chain on its way between two functions: where its final result goes, and what the next function takes, alone or
 * in an {@link Envelope}.
 */
record Relay(
        Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
    /** Lies in the place of an item that was dropped: the queue's head moves over full slots only. */
    static final Object GONE = "gone";
}
