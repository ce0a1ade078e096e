package lox.sync.internal.map;

import java.util.concurrent.atomic.AtomicReferenceArray;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchOwner;
import lox.sync.internal.observe.ObservedBatch;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * A segment of an {@link ElementBuffer}: a batch of fixed size that is never gathered and whose results leave one by
 * one.
 */
public final class MapSegment extends Batch {
    /** 32·(2<sup>6</sup> − 1): six groups of slots, each made when it is needed. */
    public static final int SIZE = 2016;

    private static final Object ENDED = new Object();

    /** The map, as its segments see it. */
    interface Owner {
        /** Whether elements are put into the slots in another order than that of the source. */
        boolean isKeyed();

        /** The number of elements that needed no slot. None of those in slots came before any of them. */
        long passed();

        /** The map as listeners are told of it. */
        ObservedBatch told();

        /** Called when the outcome of a task is in its slot. */
        void settled(MapSegment segment, int index);

        /** Called when a failure is in its slot. */
        void failed(MapSegment segment, int index, Throwable failure);

        /** Called when all tasks of a segment have run. */
        void completed(MapSegment segment);

        /** Throws if null is not a valid result. */
        void checkNull(Batch segment, int index);

        /** Stops the map. False if it was stopped before. */
        boolean stop(Throwable reason);

        /** The reason for the stop, or null. */
        @Nullable
        Throwable terminalCause();

        /** Receives an argument that never started, or a result that no subscriber will take. */
        void discarded(@Nullable Object value);

        /** Receives a failure that no subscriber will receive. */
        void dropped(Throwable failure);
    }

    /** An element whose key may have others waiting. */
    interface Keyed {
        /** Lets in the next element of the key. Called once, when the task of this one has ended. */
        void ended();
    }

    private final Owner map;
    private final long first;
    private final @Nullable AtomicReferenceArray<@Nullable Object> elements; // null if they have no keys
    private boolean known; // racy: it may be made known twice

    MapSegment(BatchOwner function, Owner owner, long first) {
        super(function, SIZE, SIZE);
        this.map = owner;
        this.first = first;
        this.elements = owner.isKeyed() ? new AtomicReferenceArray<>(SIZE) : null;
    }

    /** Creates the segment that follows another, or the first one. */
    static MapSegment after(@Nullable Batch before, BatchOwner function, Owner owner) {
        return new MapSegment(function, owner, before instanceof MapSegment segment ? segment.first + SIZE : 0);
    }

    @Override
    public long ordinal(int index) {
        return map.passed() + first + index;
    }

    /** An element's number in the stream; those with keys have left that order before they came here. */
    @Override
    public String called(int index) {
        return elements == null ? "element " + ordinal(index) : "an element";
    }

    @Override
    public boolean isStreamed() {
        return true;
    }

    @Override
    public void settled(int index) {
        map.settled(this, index);
    }

    @Override
    public void checkNull(int index) {
        map.checkNull(this, index);
    }

    @Override
    public void failed(int index, Throwable failure) {
        count(failure);
        map.failed(this, index, failure);
    }

    /** A segment created after the buffer was stopped has ended from the start. */
    @Override
    public boolean isEnded() {
        return super.isEnded() || map.terminalCause() != null;
    }

    @Override
    public void publish(@Nullable Throwable failure) {
        if (failure != null) {
            map.stop(failure);
        } else {
            map.completed(this);
        }
    }

    /** Ends this segment if the map was stopped before it became known that tasks may be unfinished here. */
    void endIfStopped() {
        Throwable reason = map.terminalCause();
        if (reason != null) {
            abort(reason);
        }
    }

    boolean isUnknown() {
        return !known;
    }

    void setKnown() {
        known = true;
    }

    /**
     * Stores which element is in a slot. Returns true if its task has ended before: the caller then does what the
     * thread that ended it could not do.
     */
    boolean placed(int index, Keyed element) {
        return elements != null && !elements.compareAndSet(index, null, element); // what has ended is not kept
    }

    /** Marks the task of a slot as ended. Returns the element if it is known by now, or null. */
    @Nullable
    Keyed ended(int index) {
        return elements != null && elements.getAndSet(index, ENDED) instanceof Keyed element ? element : null;
    }

    @Override
    protected ObservedBatch told() {
        return map.told();
    }

    @Override
    public long place(int index) {
        return ordinal(index);
    }

    /** The map tells of its own end. */
    @Override
    protected void observeEnd(@Nullable Throwable failure) {}

    @Override
    public void discarded(@Nullable Object argument) {
        map.discarded(argument);
    }

    @Override
    public void droppedFailure(Throwable failure) {
        if (failure != map.terminalCause()) {
            map.dropped(failure);
        }
    }

    /** Drops a result that no subscriber will take. Called only once no more results are given out. */
    void discardResult(int index) {
        Slots.Chunk chunk = slots().chunk(index);
        if (chunk != null && chunk.state(index) == Slots.DONE && chunk.move(index, Slots.DONE, Slots.DROPPED)) {
            Object result = chunk.value(index);
            chunk.forget(index);
            discarded(result);
        }
    }
}
