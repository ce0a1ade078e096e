package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of a {@link Passage}: a batch whose size is fixed from the beginning, that nobody gathers, and whose results leave
 * one after the other.
 */
final class Leg extends Batch {
    /** 32·(2<sup>6</sup> − 1): six groups of slots, each made when it is needed. */
    static final int SIZE = 2016;

    private final Passage<?, ?> passage;
    private final long first;

    Leg(Dispatcher<?, ?> dispatcher, Passage<?, ?> passage, long first) {
        super(dispatcher, SIZE, SIZE);
        this.passage = passage;
        this.first = first;
    }

    /** The leg after another, or the first one. */
    static Leg after(@Nullable Batch before, Dispatcher<?, ?> dispatcher, Passage<?, ?> passage) {
        return new Leg(dispatcher, passage, before == null ? 0 : before.ordinal(SIZE));
    }

    @Override
    long ordinal(int index) {
        return first + index;
    }

    @Override
    boolean isStreamed() {
        return true;
    }

    @Override
    void settled(int index) {
        passage.settled(this, index);
    }

    @Override
    void checkNull(int index) {
        throw passage.nullResult(this, index);
    }

    @Override
    void failed(int index, Throwable failure) {
        count(failure);
        passage.failed(this, index, failure);
    }

    /** One that comes after the passage was stopped is over before it begins. */
    @Override
    boolean isEnded() {
        return super.isEnded() || passage.verdict() != null;
    }

    @Override
    void publish(@Nullable Throwable failure) {
        if (failure != null) {
            passage.stop(failure);
        }
    }

    @Override
    void discarded(@Nullable Object argument) {
        passage.listener().discarded(argument);
    }

    @Override
    void dropped(Throwable failure) {
        if (failure != passage.verdict()) {
            passage.listener().dropped(failure);
        }
    }

    /** Drops a result that nobody will take. Only once no results are given out any more. */
    void discardResult(int index) {
        Slots.Chunk chunk = slots().chunk(index);
        if (chunk != null && chunk.state(index) == Slots.DONE && chunk.move(index, Slots.DONE, Slots.DROPPED)) {
            Object result = chunk.value(index);
            chunk.forget(index);
            discarded(result);
        }
    }
}
