package lox.sync.internal.map;

import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchChain;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/** Takes results in the order of their elements: slot by slot, segment by segment. */
final class OrderedTaker<V> extends ResultTaker<V> {
    private final BatchChain.Cursor cursor;
    private int position;

    /** Makes the taker of a chain that is not shared yet. */
    OrderedTaker(MapOptions<?, ?, V> options, BatchChain segments) {
        super(options);
        this.cursor = segments.new Cursor();
    }

    @Override
    Slots.@Nullable Chunk head() {
        if (position == MapSegment.SIZE && cursor.moveOn()) {
            position = 0;
        }
        return position == MapSegment.SIZE ? null : cursor.batch().slots().chunk(position);
    }

    @Override
    int index() {
        return position;
    }

    @Override
    Batch segment() {
        return cursor.batch();
    }

    @Override
    void advance() {
        position++;
    }

    @Override
    Iterable<Batch> unfinished() {
        return cursor;
    }

    @Override
    void sweep() {
        int from = position;
        for (Batch segment : cursor) {
            for (int i = from; i < segment.upperBound(); i++) {
                ((MapSegment) segment).discardResult(i);
            }
            from = 0;
        }
    }
}
