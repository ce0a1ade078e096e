package lox.sync.engine;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * How one lane hands its items on to the next function of a chain: it stores an item in that stage's queue, and then looks whether
 * somebody is there to run it, and whether the queue is still in use.
 *
 * <pre>
 *           pass: store                 the lane's next step: fence
 *   CLEAR --------------&gt; OWING --------------------------------------&gt; CLEAR
 *                                       look
 * </pre>
 *
 * There has to be a full fence between the store and the look, for a lane of the next stage that finds nothing and leaves does it the
 * other way round; see {@link Crew}. In the middle of a run that fence is the compare-and-set by which the lane takes its next
 * slot, which saves one of its own for each item: on x86 that compare-and-set is a locked instruction, and on AArch64 the load of
 * the look, an acquire, stays behind the release of the compare-and-set, which stays behind the release of the store.
 *
 * <p><b>Invariant.</b> No more than one item is owed a look, and none while a task runs or the lane waits for anything. Belongs to one
 * lane; not thread-safe.
 */
final class Handover {
    private static final int CLEAR = -1;

    private final Dispatcher<?, ?> dispatcher;
    private @Nullable Batch queue; // the last one
    private int owed =
            CLEAR; // an index in it; not the item, for a reference stored here costs a fence with some collectors

    Handover(Dispatcher<?, ?> next) {
        this.dispatcher = next;
    }

    /**
     * Stores an item, and owes it a look. It throws only if it has not taken it over.
     *
     * @throws IllegalStateException if the pool is closed, or the caller would have to wait and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    void pass(Relay item) {
        dispatcher.intake().put(item, this);
    }

    /** The item lies in its slot, stored without a fence. */
    void stored(Batch into, int index) {
        if (queue != into) {
            queue = into;
        }
        owed = index;
    }

    /** Looks after the item that was passed last, if it has not been done. */
    void look() {
        if (owed != CLEAR) {
            VarHandle.fullFence();
            lookBehindFence();
        }
    }

    /** The same where the lane has just changed a slot by compare-and-set. */
    void lookBehindFence() {
        int index = owed;
        Batch into = queue;
        if (index != CLEAR && into != null) {
            owed = CLEAR;
            Stage.placed(dispatcher, into, index);
        }
    }
}
