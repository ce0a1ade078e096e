package lox.sync.internal.core;

import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import lox.sync.internal.result.Completion;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * The results of an ended batch that no observer will receive: those already stored, and those of tasks that still run.
 * Each result goes once to the {@linkplain Completion.Observer#discarding discard hook} of one observer, and is removed
 * from its slot. The results are kept until an observer supplies its hook.
 *
 * <p><b>Invariant.</b> The thread that takes a result moves its slot from DONE or LISTED to DROPPED, by
 * compare-and-set. A lane stores its result, counts it, which is a full fence, and then checks whether its batch has
 * ended and has unreceived results. A thread that publishes this object, or supplies the hook, sweeps after a full
 * fence. At least one of the two sees the other.
 */
public final class UnreceivedResults {
    private final @Nullable BitSet received;
    private final Dialect dialect;
    private final AtomicReference<@Nullable Consumer<Object>> hook = new AtomicReference<>();
    private final AtomicInteger entries = new AtomicInteger();

    // Owned by the sweeping thread: slots before the first of these indices, and from the second one on, are settled.
    private int from;
    private int to;
    private @Nullable Slots slots; // null when all slots are settled

    /**
     * Covers all slots below {@code size}.
     *
     * @param received the indices of the results that an observer has received or may receive; if null, those are the
     *     slots that are LISTED
     */
    public UnreceivedResults(Slots slots, int size, @Nullable BitSet received, Dialect dialect) {
        this.slots = slots;
        this.to = size;
        this.received = received;
        this.dialect = dialect;
    }

    /** Whether an observer has supplied its discard hook. */
    boolean isTaken() {
        return hook.get() != null;
    }

    /** Sets the discard hook, unless there is one already, and sweeps. */
    void goTo(Consumer<Object> taker) {
        if (hook.compareAndSet(null, taker)) {
            VarHandle.fullFence();
            sweep();
        }
    }

    /**
     * Discards the results that are there. One thread at a time sweeps; another thread leaves a note, and the sweeping
     * thread then looks again.
     */
    void sweep() {
        Consumer<Object> taker = hook.get();
        if (taker == null || entries.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            VarHandle.fullFence();
            Slots unsettled = slots;
            if (unsettled != null && !discardAll(unsettled, taker)) {
                slots = null; // a retained failed gather does not retain its slots
            }
            seen = entries.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Discards the results that are there. Returns whether more may come. */
    private boolean discardAll(Slots unsettled, Consumer<Object> taker) {
        int end = to;
        int firstOpen = end;
        int lastOpen = from;
        Slots.Chunk chunk = null;
        for (int i = from; i < end; i++) {
            if (chunk == null || !chunk.holds(i)) {
                chunk = unsettled.chunk(i);
            }
            byte state = chunk == null ? Slots.EMPTY : chunk.state(i);
            if (chunk != null && isUnreceived(i, state)) {
                discard(taker, chunk, i);
            } else if (!isSettled(state)) {
                firstOpen = Math.min(firstOpen, i);
                lastOpen = i + 1;
            }
        }
        from = firstOpen;
        to = lastOpen;
        return firstOpen < lastOpen;
    }

    private boolean isUnreceived(int index, byte state) {
        return received == null ? state == Slots.DONE : Slots.isResult(state) && !received.get(index);
    }

    private static boolean isSettled(byte state) {
        return Slots.isResult(state) || Slots.isFailure(state) || state == Slots.DROPPED;
    }

    /**
     * A lane that keeps the order of completion may move the slot from DONE to LISTED at the same time, and never back.
     */
    private void discard(Consumer<Object> taker, Slots.Chunk chunk, int index) {
        boolean taken = chunk.move(index, Slots.DONE, Slots.DROPPED)
                || (received != null && chunk.move(index, Slots.LISTED, Slots.DROPPED));
        if (!taken) {
            return;
        }
        Object result = chunk.value(index);
        chunk.forget(index);
        if (result != null) {
            try {
                taker.accept(result);
            } catch (Throwable thrown) {
                dialect.drop(thrown);
            }
        }
    }
}
