package lox.sync.internal.core;

import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.pool.LanePool;
import org.jspecify.annotations.Nullable;

/** The next function of a chain, as the function before it sees it. */
public interface NextStage {
    /** The stage after this one, or null. */
    @Nullable
    NextStage next();

    /** Where its tasks run. */
    LanePool pool();

    /**
     * Works for this stage, in a thread that waits for one of the chain's batches. Returns whether there was something
     * to do.
     */
    boolean help(Batch home);

    /**
     * Makes the relay that passes items to this stage, for a lane of the preceding function.
     *
     * @param guard the guard of that lane
     * @param oneByOne whether each item has to be passed on at once
     */
    Relay relay(InterruptGuard guard, boolean oneByOne);

    // The following methods apply to this stage and to all later ones.

    /** Interrupts the tasks of a batch that has ended. */
    void interrupt(Batch home);

    /** Releases a batch that has ended and whose items have been dropped. */
    void release(Batch home);

    /** Returns the queue-limit permit of an item that waited in this state and has been taken out to be dropped. */
    void leave(byte waited);

    /** Who wants to know of an item that waited in this state; null if no stage has it. */
    @Nullable
    FunctionObserver observer(byte waited);

    /** Cancels every batch that has items here. */
    void cancelAll(String reason);

    /** Whether something is left to run. */
    boolean hasWork();
}
