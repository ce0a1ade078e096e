package lox.sync.internal.map;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchOwner;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * A segment of a {@link ReorderBuffer}: a batch of fixed size that is never gathered and whose results leave one by
 * one.
 */
public final class MapSegment extends Batch {
    /** 32·(2<sup>6</sup> − 1): six groups of slots, each made when it is needed. */
    public static final int SIZE = 2016;

    private final ReorderBuffer<?, ?> buffer;
    private final long first;

    MapSegment(BatchOwner owner, ReorderBuffer<?, ?> buffer, long first) {
        super(owner, SIZE, SIZE);
        this.buffer = buffer;
        this.first = first;
    }

    /** Creates the segment that follows another, or the first one. */
    static MapSegment after(@Nullable Batch before, BatchOwner owner, ReorderBuffer<?, ?> buffer) {
        return new MapSegment(owner, buffer, before == null ? 0 : before.ordinal(SIZE));
    }

    @Override
    public long ordinal(int index) {
        return first + index;
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
        throw buffer.nullResult(this, index);
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
        }
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
