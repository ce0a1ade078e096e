package lox.sync.internal.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import lox.sync.internal.core.Batch;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * The end of an {@link ElementBuffer} at which results leave: one item at a time, in the order of a subclass. One
 * thread at a time may take; methods for other threads say so.
 *
 * @param <V> the type of the items
 */
public abstract class ResultTaker<V> {
    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(ResultTaker.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MapOptions<?, ?, V> options;
    private volatile @Nullable Throwable delayed; // the first failure, for threads other than the taker
    private long taken; // any thread may read it
    private List<Throwable> failures = new ArrayList<>();

    ResultTaker(MapOptions<?, ?, V> options) {
        this.options = options;
    }

    // ---- what the order knows --------------------------------------------------------------------------------------

    /** The chunk of the slot to be taken next, or null while it is not known which slot that is. */
    abstract Slots.@Nullable Chunk head();

    /** The index of the slot to be taken next. Valid after {@link #head} has returned a chunk. */
    abstract int index();

    /** The segment of the slot to be taken next; the oldest unfinished one if that slot is not known. */
    abstract Batch segment();

    /** Moves on to the slot after the one that has been taken. */
    abstract void advance();

    /** Every segment in which a task may be unfinished, or a failure not taken. For any thread. */
    abstract Iterable<Batch> unfinished();

    /** Discards every result that has not been taken. Those of tasks that end later are not among them. */
    abstract void sweep();

    /** Called when an element has been stored in a segment. For any thread. */
    void placed(MapSegment segment) {}

    /** Called when the outcome of a task is in its slot. For any thread. */
    void settled(MapSegment segment, int index) {}

    /** Called when all tasks of a segment have run. For any thread. */
    void completed(MapSegment segment) {}

    // ---- taking ----------------------------------------------------------------------------------------------------

    /**
     * Takes the next item.
     *
     * @return the item, or null if it is not ready
     */
    public final @Nullable V poll() {
        Slots.Chunk chunk = ready();
        if (chunk == null) {
            return null;
        }
        int index = index();
        Object outcome = chunk.value(index);
        V item;
        if (chunk.state(index) == Slots.DONE) {
            item = options.item(segment().ordinal(index), outcome);
        } else if (outcome instanceof Throwable failure && chunk.move(index, Slots.FAILED, Slots.REPORTED)) {
            item = options.item(segment().ordinal(index), failure);
        } else {
            return null; // the map was stopped, and whoever stopped it has reported the failure
        }
        chunk.forget(index);
        taken();
        return item;
    }

    /** Whether everything up to that many elements has been taken. */
    final boolean isPassed(long offered) {
        return ready() == null && taken == offered;
    }

    /**
     * Whether a poll would find a result or a failure.
     *
     * @return false while the task to be taken next has not ended, or is not known
     */
    public final boolean isReady() {
        Slots.Chunk chunk = head();
        byte state = chunk == null ? Slots.EMPTY : chunk.state(index());
        return state == Slots.DONE || state == Slots.FAILED;
    }

    /**
     * The chunk whose slot at the index is an item, or null. Puts aside the failures before it if errors are delayed.
     */
    private Slots.@Nullable Chunk ready() {
        for (; ; ) {
            Slots.Chunk chunk = head();
            if (chunk == null) {
                return null;
            }
            byte state = chunk.state(index());
            if (state == Slots.DONE) {
                return chunk;
            }
            if (state != Slots.FAILED || options.stopsAtFailures()) {
                return null;
            }
            if (!options.delaysErrors()) {
                return chunk;
            }
            if (!putAside(chunk, index())) {
                return null;
            }
        }
    }

    private boolean putAside(Slots.Chunk chunk, int index) {
        if (!chunk.move(index, Slots.FAILED, Slots.REPORTED) || !(chunk.value(index) instanceof Throwable failure)) {
            return false;
        }
        if (delayed == null) {
            delayed = failure;
        }
        failures.add(failure);
        chunk.forget(index);
        taken();
        return true;
    }

    private void taken() {
        advance();
        passed();
    }

    /** Counts an element that has been given out, though it had no slot. */
    final void passed() {
        TAKEN.setOpaque(this, taken + 1);
    }

    /** The number of elements taken out: exact for the taker, a snapshot for other threads. */
    final long count() {
        return (long) TAKEN.getOpaque(this);
    }

    /** The failures that a map with delayed errors has met so far. The taker owns the list from now on. */
    final List<Throwable> takeFailures() {
        List<Throwable> met = failures;
        failures = new ArrayList<>();
        return met;
    }

    /** The first failure that waits for the end, or null. Any thread may ask. */
    @Nullable
    final Throwable delayedFailure() {
        return delayed;
    }
}
