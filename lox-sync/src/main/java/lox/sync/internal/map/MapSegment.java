package lox.sync.internal.map;

import java.util.concurrent.atomic.AtomicReferenceArray;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchOwner;
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

    private final ElementBuffer<?, ?> buffer;
    private final long first;
    private final @Nullable AtomicReferenceArray<@Nullable Object> elements; // null if they have no keys
    private boolean known; // racy: it may be made known twice

    MapSegment(BatchOwner owner, ElementBuffer<?, ?> buffer, long first) {
        super(owner, SIZE, SIZE);
        this.buffer = buffer;
        this.first = first;
        this.elements = buffer.isKeyed() ? new AtomicReferenceArray<>(SIZE) : null;
    }

    /** Creates the segment that follows another, or the first one. */
    static MapSegment after(@Nullable Batch before, BatchOwner owner, ElementBuffer<?, ?> buffer) {
        return new MapSegment(owner, buffer, before == null ? 0 : before.ordinal(SIZE));
    }

    @Override
    public long ordinal(int index) {
        return first + index;
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
        buffer.settled(this, index);
    }

    @Override
    public void checkNull(int index) {
        buffer.checkNull(this, index);
    }

    @Override
    public void failed(int index, Throwable failure) {
        count(failure);
        buffer.failed(this, index, failure);
    }

    /** A segment created after the buffer was stopped has ended from the start. */
    @Override
    public boolean isEnded() {
        return super.isEnded() || buffer.terminalCause() != null;
    }

    @Override
    public void publish(@Nullable Throwable failure) {
        if (failure != null) {
            buffer.stop(failure);
        } else {
            buffer.completed(this);
        }
    }

    /** Ends this segment if the map was stopped before it became known that tasks may be unfinished here. */
    void endIfStopped() {
        Throwable reason = buffer.terminalCause();
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
    boolean placed(int index, KeyedIntake<?>.Element element) {
        return elements != null && elements.getAndSet(index, element) == ENDED;
    }

    /** Marks the task of a slot as ended. Returns the element if it is known by now, or null. */
    KeyedIntake<?>.@Nullable Element ended(int index) {
        return elements != null && elements.getAndSet(index, ENDED) instanceof KeyedIntake<?>.Element element
                ? element
                : null;
    }

    @Override
    public void discarded(@Nullable Object argument) {
        buffer.listener().discarded(argument);
    }

    @Override
    public void droppedFailure(Throwable failure) {
        if (failure != buffer.terminalCause()) {
            buffer.listener().dropped(failure);
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
