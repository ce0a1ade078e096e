package lox.sync.engine;

import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A later function of a chain, with its own workers. What comes out of the function before lies here in a queue until a lane has
 * a place for it; it moves on as soon as it is ready, in whatever order that is, and its result goes to the slot it came from.
 *
 * <pre>
 *   scatter --&gt; slots of the batch --&gt; lanes of the first function
 *                      ^                          | pass
 *                      |                          v
 *                      |               queue --&gt; lanes of the second function
 *                      |                          | pass
 *                      +--------- … &lt;-------------+        the last stage stores the result
 * </pre>
 *
 * The queue is the slots of a {@link Dispatcher} of its own, which hold {@link Relay}s of any batch of the chain. The batch that
 * the item belongs to, its home, is the one that is counted, ended, cancelled and gathered. A queue's slots are used
 * once, so after {@value #QUEUE} items it is sealed, for nobody to gather, and the next one begins.
 *
 * <p><b>Invariant.</b> The home's slot of an item is CLAIMED from the first function to the last. While the relay lies here FULL,
 * who wins its slot owns the item; else the lane does that runs it.
 */
final class Stage {
    /** As many as fill the first eleven groups of slots. */
    static final int QUEUE = 32 * ((1 << 11) - 1);

    /** What a queue is gathered into. */
    static final Object NOTHING = "nothing";

    /** One function of a chain and where it runs. */
    record Step(Work<?, ?> work, LanePool pool, Executor launcher) {}

    private final Work<?, ?> work;
    private final Dispatcher<?, ?> dispatcher;
    private final @Nullable Stage next;

    private Stage(Step step, Dialect dialect, @Nullable Stage next) {
        this.work = step.work;
        this.dispatcher = new Dispatcher<>(step, dialect, next);
        this.next = next;
    }

    /** The first of the stages that these steps make. */
    static @Nullable Stage first(List<Step> steps, Dialect dialect) {
        Stage first = null;
        for (int i = steps.size() - 1; i >= 0; i--) {
            first = new Stage(steps.get(i), dialect, first);
        }
        return first;
    }

    @Nullable
    Stage next() {
        return next;
    }

    Dispatcher<?, ?> dispatcher() {
        return dispatcher;
    }

    /** Runs the function in the calling thread. */
    @Nullable
    Object call(@Nullable Object argument) throws Exception {
        return TaskRunner.apply(work, argument);
    }

    /**
     * Takes an item over, from the lane that has run the function before. It throws only if it has not.
     *
     * @throws IllegalStateException if the pool is closed, or the caller would have to wait and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    void pass(Batch home, Slots.Chunk chunk, int index, @Nullable Object content, Lane lane) {
        if (dispatcher.pool().isInline()) {
            dispatcher.intake().checkOpen();
            lane.occupancy().leave(); // there is another lane in this thread now, which is interrupted for the batch
            new Lane(dispatcher).runHere(home, index, content);
            lane.occupancy().enter(home);
        } else {
            lane.handover().pass(new Relay(home, chunk, index, content));
        }
    }

    /** An item lies in the queue. Nothing is thrown any more: whoever passed it no longer has it. */
    static void placed(Dispatcher<?, ?> dispatcher, Batch queue, int index) {
        try {
            if (queue.isEnded()) { // the pool was closed, or there was no memory for a slot
                Leftovers.dropIfFull(queue, index);
                dispatcher.renew(queue);
            } else {
                dispatcher.lanes().launchIfLacking();
                if (index == QUEUE - 1) {
                    dispatcher.renew(queue);
                }
            }
        } catch (Throwable broken) { // no memory to start a lane: the item may lie here for ever
            if (queue.slots().value(index) instanceof Relay relay) { // nobody has taken it
                relay.home().abort(broken);
            }
        }
    }

    /** Interrupts the tasks of a batch that has ended, here and in the stages after, and drops its items. */
    void drop(Batch home) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            stage.dispatcher.lanes().interrupt(home);
            for (Batch queue : stage.dispatcher.batches()) {
                Leftovers.dropRelaysOf(home, queue);
            }
        }
    }

    /** Cancels every batch that has items here or in the stages after. */
    void cancelAll(String reason) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            stage.dispatcher.cancelAll(reason);
        }
    }
}
