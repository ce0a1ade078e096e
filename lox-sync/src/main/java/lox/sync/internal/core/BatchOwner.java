package lox.sync.internal.core;

import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.result.Completion;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/** The function that a batch belongs to, as the batch sees it. */
public interface BatchOwner {
    /** The name of the function in messages. */
    String name();

    Dialect dialect();

    /** Who wants to know of the batches. */
    FunctionObserver observer();

    /** Who wants to know of an item that waits in this state; null if that is not known. */
    @Nullable
    FunctionObserver observer(byte waiting);

    /** Returns the queue-limit permit of an argument that has left its slot without being started. */
    void leaveQueue();

    /** The same for an item that waited in this state for a later function of a chain. */
    void leaveQueue(byte waiting);

    /** Interrupts the tasks of a batch that has ended. */
    void interrupt(Batch ended);

    /** Releases a batch that has ended and whose items have been dropped. */
    void release(Batch ended);

    /** Starts a lane if there is something to claim. Called when the front may have moved to another batch. */
    void launchForMore();

    /** The lowest slot of a batch that may be claimed and not started. */
    int lowestUnstarted(Batch batch, int head);

    /**
     * If the calling thread is a worker of the same pool, works for a batch that this thread is about to wait for, at
     * most until {@code awaited} has ended.
     */
    void help(Batch batch, Completion<?> awaited);
}
