package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * How one lane hands its items on to the next function of a chain. An item waits in its own slot; the lane keeps note of those
 * that wait side by side, and at the end of its run puts the note, a {@link Span}, into that function's queue.
 *
 * <pre>
 *             pass: the slot says WAITING, the span grows
 *                +-----+
 *                v     |        publish: the end of the run, an item from elsewhere
 *   NONE -----&gt; PENDING -----------------------------------------------------------&gt; NONE
 *                      |
 *                      | show: the watch has seen the lane stand still
 *                      +-------&gt; a copy goes into the queue, and it stays PENDING
 * </pre>
 *
 * So a run of short tasks costs one place in the queue, one fence and one look whether the next function has a lane. A run is
 * sized to take some microseconds, and that is how long an item waits. If a task of the run turns out to be long, the
 * {@linkplain Briskness watch} shows what is pending to the next function, as it shows what has been claimed and not started.
 *
 * <p>One by one, each item in a span of its own and published at once, go those that are counted at a queue limit, that
 * come from a worker elsewhere or go there, or from the thread that scatters, whose stack may be near its end; and all while the next
 * function is careful.
 *
 * <p><b>Invariant.</b> An item that waits is in the queue, or in a window over a span that was, or pending in a lane that is in its run.
 * Belongs to one lane; only {@link #hasUnshown} and {@link #show} are for others.
 */
final class Handover {
    private static final VarHandle PENDING;

    static {
        try {
            PENDING = MethodHandles.lookup().findVarHandle(Handover.class, "pending", Span.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Stage next;
    private final Occupancy occupancy;
    private final boolean oneByOne;
    private int limit; // how many may be pending

    /** Null between two runs: a reference stored in an old object is not for free. */
    private @Nullable Span pending;

    /** Makes one for a lane. */
    Handover(Stage next, Occupancy occupancy, boolean oneByOne) {
        this.next = next;
        this.occupancy = occupancy;
        this.oneByOne = oneByOne || next.takesOneByOne();
    }

    // ---- the lane --------------------------------------------------------------------------------------------------

    /**
     * Hands on an item whose slot the lane owns. It throws only if it has not taken it over; whoever refuses it later fails it.
     *
     * @throws IllegalStateException if the caller would have to wait at the queue limit and must not, or the pool is closed
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    void pass(Batch home, Slots.Chunk chunk, int index, @Nullable Object content) {
        Span span = pending;
        if (span == null || !span.isFollowedBy(home, index)) {
            span = begin(home, index);
        }
        if (oneByOne) {
            next.dispatcher().intake().admit();
        }
        chunk.finish(index, content, next.waiting());
        if (span.grow() >= limit) {
            try {
                publish();
            } catch (Throwable broken) { // no stack: the item is no longer the caller's to fail
                home.breakOff(broken);
            }
        }
    }

    private Span begin(Batch home, int index) {
        publish();
        limit = oneByOne ? 1 : next.together();
        Span span = new Span(home, index);
        PENDING.setRelease(this, span);
        return span;
    }

    /** Puts what is pending into the queue. What is refused fails, or its batch ends. */
    void publish() {
        Span span = pending;
        if (span != null) {
            pending = null;
            if (!span.isEmpty()) {
                publish(span);
            }
        }
    }

    private void publish(Span span) {
        Batch home = span.home(); // before the offer: who ends the batch lets go of it in the queue
        if (home == null) {
            return;
        }
        Throwable refused = next.offer(span);
        if (refused != null || home.isEnded()) {
            Batch occupied = occupancy.batch();
            occupancy.leave(); // whoever listens is not to be interrupted for the batch
            Thread.interrupted();
            next.giveUp(span, home, refused);
            if (occupied != null) {
                occupancy.enter(occupied);
            }
        }
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /** Whether something is pending that the next function has not been shown. */
    boolean hasUnshown() {
        Span span = (Span) PENDING.getAcquire(this);
        return span != null && span.hasUnshown();
    }

    /** Shows the next function what is pending, in a thread that may take its time. To be called by the watch alone. */
    void show() {
        Span span = (Span) PENDING.getAcquire(this);
        Span copy = span == null ? null : span.unshown();
        if (span != null && copy != null) {
            Timer.elsewhere(() -> next.offerOrGiveUp(copy));
            span.shown(copy);
        }
    }
}
