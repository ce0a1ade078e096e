package lox.sync.internal.chain;

import java.util.List;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchChain;
import lox.sync.internal.core.BatchOwner;
import lox.sync.internal.core.BatchSource;
import lox.sync.internal.core.ChainStep;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Gathering;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.core.LaneSettings;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.NextStage;
import lox.sync.internal.core.RangeRunner;
import lox.sync.internal.core.Relay;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.PoolFunction;
import lox.sync.internal.pool.RunningTask;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: a third of it says who owns an item at each step.
/**
 * A later function of a chain, with its own workers. An item stays in the slot it was scattered into, from the first
 * function to the last. Between two functions it waits in that slot, and a queue tells the lanes of the next function
 * where.
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
 * The queue consists of the slots of a separate {@link Dispatcher}. They hold {@link SlotRange}s of any batch of the
 * chain, in the order in which they became ready. An item's own batch, its home, is the one that is counted, ended,
 * cancelled and gathered. A queue's slots are used once: after {@value #QUEUE} ranges the queue is sealed without a
 * gather, and the next one begins.
 *
 * <p><b>Invariants.</b> The state of an item's slot says which stage the item waits for. The thread that changes the
 * state by compare-and-set owns the item: the lane that runs it, or the thread that ends its home. A range is only a
 * hint, but every waiting item lies in a range that is in the queue, in the {@link RangeCoalescer} of a lane that is in
 * its run, or under the claimed range of a lane of this stage.
 */
public final class Stage implements NextStage, Dispatcher.QueueOwner, BatchSource, PoolFunction {
    /** Number of ranges in one queue: the size of the first eleven groups of slots. */
    static final int QUEUE = 32 * ((1 << 11) - 1);

    /** The result of gathering a queue. */
    static final Object NOTHING = "nothing";

    /** Creates the task runner of each lane of a stage. */
    @FunctionalInterface
    public interface Runners {
        RangeRunner make(Stage stage, LaneSettings settings, Lanes lanes, InterruptGuard guard);
    }

    private final byte waiting;
    private final Dialect dialect;
    private final Runners runners;
    private final Dispatcher<?, ?> dispatcher;
    private final @Nullable Stage next;
    private @Nullable Dispatcher<?, ?> first; // set before the first scatter

    /** Creates a stage. The first stage has the number 1. */
    @SuppressWarnings("this-escape") // no thread runs or ends anything before the chain is built
    public Stage(ChainStep step, int number, Dialect dialect, Runners runners, @Nullable Stage next) {
        this.waiting = Slots.waitingFor(number);
        this.dialect = dialect;
        this.runners = runners;
        this.next = next;
        this.dispatcher = new Dispatcher<>(step, dialect, this, next);
        step.pool().register(this);
    }

    /** Links the stages to the chain's first function, which completes the chain. */
    public void follow(Dispatcher<?, ?> begin) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            stage.first = begin;
        }
    }

    @Override
    public @Nullable Stage next() {
        return next;
    }

    @Override
    public LanePool pool() {
        return dispatcher.pool();
    }

    @Override
    public boolean help(Batch home) {
        return lanes().make().helpStage(home);
    }

    Lanes lanes() {
        return dispatcher.lanes();
    }

    @Override
    public Relay relay(InterruptGuard guard, boolean oneByOne) {
        return pool().isInline()
                ? new InlineRelay(dispatcher.pools(), lanes(), guard)
                : new RangeCoalescer(this, guard, oneByOne);
    }

    @Override
    public RangeRunner make(LaneSettings settings, Lanes lanes, InterruptGuard guard) {
        return runners.make(this, settings, lanes, guard);
    }

    @Override
    public Batch queue(BatchOwner owner) {
        return new StageQueue(owner, Integer.MAX_VALUE);
    }

    /** The slot state of an item that waits for this stage. */
    byte waiting() {
        return waiting;
    }

    /** Whether each item must always go through the queue alone, because it is counted there or is sent on alone. */
    boolean takesOneByOne() {
        return pool().remote() != null
                || pool().isAsynchronous()
                || dispatcher.limiter().isLimited();
    }

    /** Most items that may go through the queue in one range. */
    int together() {
        return lanes().together();
    }

    /** Waits at the queue limit until one more item may enter. */
    void admit() {
        dispatcher.submitter().admit();
    }

    // ---- items come ------------------------------------------------------------------------------------------------

    /**
     * Puts a range of waiting items into the queue. Returns the reason for a refusal, or null. The caller then checks
     * whether the batch has ended.
     */
    @Nullable
    Throwable offer(SlotRange range) {
        try {
            dispatcher.submitter().put(range, this);
            return null;
        } catch (Throwable refused) { // the pool is closed, or memory is exhausted
            return refused;
        }
    }

    /**
     * Puts a range into the queue and gives it up if it is refused or its batch has ended. Called on a thread that runs
     * no task, or none that must be hidden from listeners.
     */
    void offerOrGiveUp(SlotRange range) {
        Batch home = range.home(); // read before the offer: a thread that ends the batch clears the queued range
        if (home != null) {
            Throwable refused = offer(range);
            if (refused != null || home.isEnded()) {
                giveUp(range, home, refused);
            }
        }
    }

    /**
     * Fails the items of a range that still wait here if they were refused, and drops them if their batch has ended.
     */
    void giveUp(SlotRange range, Batch home, @Nullable Throwable refused) {
        if (refused != null) {
            refuse(range, refused);
        }
        if (home.isEnded()) {
            SlotCleanup.dropWaiting(home, range.from(), range.to());
            range.release(home);
        }
    }

    /** Takes an item that waits here, to be sent to a remote worker. False if it has been dropped. */
    public boolean take(Slots.Chunk chunk, int index) {
        if (!chunk.move(index, waiting, Slots.CLAIMED)) {
            return false;
        }
        dispatcher.limiter().leave();
        return true;
    }

    /**
     * Puts back an item that was taken for a remote worker and not started there, or that is tried again. It waits
     * again, behind the others.
     */
    @Override
    public void putBack(Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
        SlotRange range;
        try {
            range = new SlotRange(home, index, index + 1);
        } catch (Throwable noMemory) {
            home.abort(noMemory);
            SlotCleanup.drop(home, chunk, index, content, dispatcher.observer());
            return;
        }
        dispatcher.limiter().reenter();
        chunk.finish(index, content, waiting);
        Throwable refused = offer(range);
        if (refused != null) {
            home.abort(refused);
        }
        giveUp(range, home, null);
    }

    /** Fails the items of a range that still wait here. Never throws. */
    public void refuse(SlotRange range, Throwable reason) {
        Batch home = range.home();
        if (home == null) {
            return;
        }
        try {
            Slots.Chunk chunk = null;
            for (int index = range.from(); index < range.to(); index++) {
                chunk = home.slots().filledChunk(index, chunk);
                if (chunk.move(index, waiting, Slots.CLAIMED)) {
                    dispatcher.limiter().leave();
                    dispatcher.failures().refuse(home, index, chunk.value(index), reason);
                }
            }
        } catch (Throwable broken) { // no memory to record a failure: fail the whole batch
            home.abort(broken);
        }
    }

    // ---- the queue -------------------------------------------------------------------------------------------------

    @Override
    public BatchChain batches() {
        return dispatcher.batches();
    }

    /** Ranges are not counted; their items are, when they enter and leave. */
    @Override
    public boolean isCounted() {
        return false;
    }

    /** Called when a range lies in the queue. */
    @Override
    public void placed(Batch queue, int index) {
        try {
            if (queue.isEnded()) { // the pool was closed, or there was no memory for a slot
                SlotCleanup.dropIfFull(queue, index);
                renew(queue);
            } else {
                lanes().launchIfLacking();
                if (index == QUEUE - 1) {
                    renew(queue);
                }
            }
        } catch (Throwable broken) { // no memory to start a lane: the items could lie here forever
            if (queue.slots().value(index) instanceof SlotRange range) { // not taken
                Batch home = range.home();
                if (home != null) {
                    home.breakOff(broken);
                }
            }
        }
    }

    /** Ends the queue without a gather, so that the next one begins. */
    private void renew(Batch queue) {
        Gathering<Object> nobody = new Gathering<>(queue, batch -> NOTHING, false, dialect);
        nobody.failureIsKnown(); // a queue's failure is reported by the batches in it
        boolean sealed = queue.seal(nobody, null);
        batches().moveOn(queue);
        if (sealed) {
            queue.sealed();
        }
    }

    // ---- their batch ends ------------------------------------------------------------------------------------------

    @Override
    public void interrupt(Batch home) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            stage.lanes().interrupt(home);
        }
    }

    @Override
    public void release(Batch home) {
        for (Stage stage = this; stage != null; stage = stage.next) {
            stage.dispatcher.releaseRetries(home);
            for (Batch queue : stage.batches()) {
                ((StageQueue) queue).release(home);
            }
        }
    }

    @Override
    public @Nullable FunctionObserver observer(byte waited) {
        Stage stage = this;
        for (int number = Slots.stageOf(waited); number > 1 && stage != null; number--) {
            stage = stage.next;
        }
        return stage == null ? null : stage.dispatcher.observer();
    }

    @Override
    public void leave(byte waited) {
        Stage stage = this;
        for (int number = Slots.stageOf(waited); number > 1 && stage != null; number--) {
            stage = stage.next;
        }
        if (stage != null) {
            stage.dispatcher.limiter().leave();
        }
    }

    @Override
    public void cancelAll(String reason) {
        dispatcher.cancelAll(reason);
    }

    /** How many items wait in the queue. */
    @Override
    public long pending() {
        long pending = 0;
        for (Batch queue : batches()) {
            int filled = queue.upperBound();
            for (int i = (int) queue.counters().head(); i < filled; i++) {
                Slots.Chunk chunk = queue.slots().chunk(i);
                if (chunk != null && chunk.state(i) == Slots.FULL && chunk.value(i) instanceof SlotRange range) {
                    pending += range.to() - range.from();
                }
            }
        }
        return pending;
    }

    @Override
    public List<RunningTask> running() {
        return lanes().running();
    }

    @Override
    public boolean hasWork() {
        return dispatcher.hasWork();
    }

    /** Whether nothing is left to run in the whole chain; work moves on from its beginning. */
    @Override
    public boolean isQuiet() {
        Dispatcher<?, ?> begin = first;
        return begin == null || !begin.hasWork();
    }
}
