package lox.sync.internal.core;

import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Passes the results of a lane's function to the next function of a chain. An instance belongs to one lane; methods for
 * other threads say so.
 */
public interface Relay {
    /**
     * Takes over an item whose slot the lane owns. Throws only if it has not taken the item over; an item that is
     * refused later fails in the next stage.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
     * @throws java.util.concurrent.RejectedExecutionException if the caller would have to wait at the queue limit and
     *     must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    void pass(Batch home, Slots.Chunk chunk, int index, @Nullable Object content);

    /** Shows the next function the items that the lane has kept back, at the end of a run. */
    void publish();

    /** For the stall watch: whether items are kept back that the next function has not been shown. */
    boolean hasUnshown();

    /** For the stall watch: shows the next function the items that are kept back, because the lane is stalled. */
    void show();
}
