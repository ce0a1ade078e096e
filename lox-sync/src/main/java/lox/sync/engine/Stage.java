package lox.sync.engine;

import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A later function of a chain, with its own workers. An item stays in the slot it was scattered into, from the first function to
 * the last; between two of them it waits there, and a queue tells the lanes of the next function where.
 *
 * <pre>
 *   scatter --&gt; slots of the batch  &lt;---- run, store ---- lanes of the first function
 *                 |  ^                                      | pass: "items 7 to 96 wait for stage 1"
 *                 |  |                                      v
 *                 |  |                               queue of stage 1
 *                 |  |                                      | claim
 *                 |  +------------------ run, store ---- lanes of the second function ---- pass ----&gt; …
 *                 v
 *               gather, when the last stage has stored all results
 * </pre>
 *
 * The queue is the slots of a {@link Dispatcher} of its own, which hold {@link Span}s of any batch of the chain, in the order in
 * which they became ready. The batch that an item belongs to, its home, is the one that is counted, ended, cancelled and gathered.
 * A queue's slots are used once, so after {@value #QUEUE} spans it is sealed, for nobody to gather, and the next one begins.
 *
 * <p><b>Invariants.</b> The state of an item's slot says which stage it waits for, and who changes it by compare-and-set owns the
 * item: the lane that runs it, or whoever ends its home. A span is only a hint; but every item that waits lies in one that is in
 * the queue, in the {@link Handover} of a lane that is in its run, or under the window of a lane of this stage.
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
    private final byte waiting;
    private final @Nullable Stage next;

    /** The first one has the number 1. */
    private Stage(Step step, int number, Dialect dialect, @Nullable Stage next) {
        this.work = step.work;
        this.waiting = Slots.waitingFor(number);
        this.dispatcher = new Dispatcher<>(step, this, dialect, next);
        this.next = next;
    }

    /** The first of the stages that these steps make. */
    static @Nullable Stage first(List<Step> steps, Dialect dialect) {
        Stage first = null;
        for (int i = steps.size() - 1; i >= 0; i--) {
            first = new Stage(steps.get(i), i + 1, dialect, first);
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

    /** The state of an item's slot that waits for this stage. */
    byte waiting() {
        return waiting;
    }

    /** Whether each item has to go through the queue alone, always: it is counted there, or travels on alone. */
    boolean takesOneByOne() {
        return dispatcher.pool().remote() != null || dispatcher.intake().isLimited();
    }

    /** How many items may go through the queue in one span. */
    int together() {
        return dispatcher.lanes().together();
    }

    // ---- items come ------------------------------------------------------------------------------------------------

    /**
     * Takes an item over, from the lane that has run the function before. It throws only if it has not.
     *
     * @throws IllegalStateException if the pool is closed, or the caller would have to wait and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    void pass(Batch home, Slots.Chunk chunk, int index, @Nullable Object content, Lane lane) {
        if (dispatcher.pool().isInline()) {
            dispatcher.intake().checkOpen();
            chunk.forget(index); // nobody needs the argument any more
            lane.occupancy().leave(); // there is another lane in this thread now, which is interrupted for the batch
            new Lane(dispatcher).runHere(home, index, content);
            lane.occupancy().enter(home);
        } else {
            lane.handover().pass(home, chunk, index, content);
        }
    }

    /** Puts a span into the queue, once its items wait. Returns why not, or null. Then look whether its batch has ended. */
    @Nullable
    Throwable offer(Span span) {
        try {
            dispatcher.intake().put(span);
            return null;
        } catch (Throwable refused) { // the pool is closed, or there is no memory
            return refused;
        }
    }

    /** The same, and draws the consequences: in a thread that is in no task, or none that listeners must be kept from. */
    void offerOrGiveUp(Span span) {
        Batch home = span.home(); // before the offer: who ends the batch lets go of it in the queue
        if (home != null) {
            Throwable refused = offer(span);
            if (refused != null || home.isEnded()) {
                giveUp(span, home, refused);
            }
        }
    }

    /** Fails the items of a span that still wait here, because they were refused; or drops them, for their batch has ended. */
    void giveUp(Span span, Batch home, @Nullable Throwable refused) {
        if (refused != null) {
            refuse(span, refused);
        }
        if (home.isEnded()) {
            Leftovers.dropWaiting(home, span.from(), span.to());
            span.release(home);
        }
    }

    /** An item has been taken to be sent elsewhere, and has not been started there: it waits again, behind the others. */
    void putBack(Parcel parcel) {
        Batch home = parcel.home();
        int index = parcel.index();
        Span span;
        try {
            span = new Span(home, index, index + 1);
        } catch (Throwable noMemory) {
            home.abort(noMemory);
            parcel.drop();
            return;
        }
        dispatcher.intake().reenter();
        parcel.chunk().finish(index, parcel.content(), waiting);
        Throwable refused = offer(span);
        if (refused != null) {
            home.abort(refused);
        }
        giveUp(span, home, null);
    }

    /** Fails the items of a span that still wait here. Never throws. */
    void refuse(Span span, Throwable reason) {
        Batch home = span.home();
        if (home == null) {
            return;
        }
        try {
            Slots.Chunk chunk = null;
            for (int index = span.from(); index < span.to(); index++) {
                chunk = home.slots().filledChunk(index, chunk);
                if (chunk.move(index, waiting, Slots.CLAIMED)) {
                    dispatcher.intake().leave();
                    dispatcher.runner().refuse(home, index, chunk.value(index), reason, 1, 1);
                }
            }
        } catch (Throwable broken) { // no memory to note a failure: then it is the whole batch's
            home.abort(broken);
        }
    }

    /** A span lies in the queue. Nothing is thrown any more: whoever offered it is rid of it. */
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
        } catch (Throwable broken) { // no memory to start a lane: the items may lie here for ever
            if (queue.slots().value(index) instanceof Span span) { // nobody has taken it
                Batch home = span.home();
                if (home != null) {
                    home.breakOff(broken);
                }
            }
        }
    }

    // ---- their batch ends ------------------------------------------------------------------------------------------

    /** Interrupts the tasks of a batch that has ended, here and in the stages after. */
    void interrupt(Batch home) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            stage.dispatcher.lanes().interrupt(home);
        }
    }

    /** Lets go of a batch whose items have been dropped, here and in the stages after. */
    void release(Batch home) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            for (Batch queue : stage.dispatcher.batches()) {
                Leftovers.releaseSpansOf(home, queue);
            }
        }
    }

    /** An item that waited for a stage has been taken out to be dropped. */
    static void leave(Batch home, byte waited) {
        Stage stage = home.dispatcher().next();
        for (int number = Slots.stageOf(waited); number > 1 && stage != null; number--) {
            stage = stage.next;
        }
        if (stage != null) {
            stage.dispatcher.intake().leave();
        }
    }

    /** Cancels every batch that has items here or in the stages after. */
    void cancelAll(String reason) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            stage.dispatcher.cancelAll(reason);
        }
    }
}
