package lox.sync.internal.chain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchingPolicy;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.core.Relay;
import lox.sync.internal.slot.Slots;
import lox.sync.internal.time.SharedThreads;
import org.jspecify.annotations.Nullable;

/**
 * A relay that hands one lane's items to the next function of a chain in ranges. An item waits in its own slot. The
 * lane records adjacent waiting items in a {@link SlotRange} and, at the end of its run, puts the range into that
 * function's queue.
 *
 * <pre>
 *             pass: the slot says WAITING, the range grows
 *                +-----+
 *                v     |        publish: the end of the run, an item from elsewhere
 *   NONE -----&gt; PENDING -----------------------------------------------------------&gt; NONE
 *                      |
 *                      | show: the watch has seen the lane stand still
 *                      +-------&gt; a copy goes into the queue, and it stays PENDING
 * </pre>
 *
 * A run of short tasks therefore costs one place in the queue, one fence and one check whether the next function has a
 * lane. A run is sized to take some microseconds, so an item waits no longer than that. If a task of the run turns out
 * to be long, the {@linkplain BatchingPolicy stall watch} shows the pending items to the next function, as it shows
 * items that are claimed and not started.
 *
 * <p>An item is published at once, in a range of its own, if it is counted at a queue limit, comes from or goes to a
 * remote worker, or comes from the scattering thread, whose stack may be near its end. The same holds for every item
 * while the next function takes tasks singly.
 *
 * <p><b>Invariant.</b> A waiting item is in the queue, in the claimed range opened over a queued range, or pending in a
 * lane that is in its run. An instance belongs to one lane; only {@link #hasUnshown} and {@link #show} may be called by
 * other threads.
 */
final class RangeCoalescer implements Relay {
    private static final VarHandle PENDING;

    static {
        try {
            PENDING = MethodHandles.lookup().findVarHandle(RangeCoalescer.class, "pending", SlotRange.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Stage next;
    private final InterruptGuard guard;
    private final boolean oneByOne;
    private int limit; // most items that may be pending

    /** Null between two runs: storing a reference in an old object has a cost. */
    private @Nullable SlotRange pending;

    /** Creates the relay of one lane. */
    RangeCoalescer(Stage next, InterruptGuard guard, boolean oneByOne) {
        this.next = next;
        this.guard = guard;
        this.oneByOne = oneByOne || next.takesOneByOne();
    }

    // ---- the lane --------------------------------------------------------------------------------------------------

    /**
     * Hands on an item whose slot the lane owns. Throws only if it has not taken the item over; an item that is refused
     * later is failed where it is refused.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the caller would have to wait at the queue limit and
     *     must not, or the pool is closed
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    @Override
    public void pass(Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
        SlotRange range = pending;
        if (range == null || !range.isFollowedBy(home, index)) {
            range = begin(home, index);
        }
        if (oneByOne) {
            next.admit();
        }
        chunk.finish(index, content, next.waiting());
        if (range.grow() >= limit) {
            try {
                publish();
            } catch (Throwable broken) { // no stack left: the caller must not fail the item any more
                home.breakOff(broken);
            }
        }
    }

    private SlotRange begin(Batch home, int index) {
        publish();
        limit = oneByOne ? 1 : next.together();
        SlotRange range = new SlotRange(home, index);
        PENDING.setRelease(this, range);
        return range;
    }

    /** Puts the pending range into the queue. Items that are refused fail, or their batch ends. */
    @Override
    public void publish() {
        SlotRange range = pending;
        if (range != null) {
            pending = null;
            if (!range.isEmpty()) {
                publish(range);
            }
        }
    }

    private void publish(SlotRange range) {
        Batch home = range.home(); // read before the offer: a thread that ends the batch clears the queued range
        if (home == null) {
            return;
        }
        Throwable refused = next.offer(range);
        if (refused != null || home.isEnded()) {
            Batch occupied = guard.batch();
            guard.leave(); // listeners must not be interrupted for the batch
            Thread.interrupted();
            next.giveUp(range, home, refused);
            if (occupied != null) {
                guard.enter(occupied);
            }
        }
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /** Whether an item is pending that the next function has not been shown. */
    @Override
    public boolean hasUnshown() {
        SlotRange range = (SlotRange) PENDING.getAcquire(this);
        return range != null && range.hasUnshown();
    }

    /**
     * Shows the pending items to the next function. Called only by the stall watch, on a thread that may take its
     * time.
     */
    @Override
    public void show() {
        SlotRange range = (SlotRange) PENDING.getAcquire(this);
        SlotRange copy = range == null ? null : range.unshown();
        if (range != null && copy != null) {
            SharedThreads.elsewhere(() -> next.offerOrGiveUp(copy));
            range.shown(copy);
        }
    }
}
