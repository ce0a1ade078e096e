package lox.sync.internal.slot;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import lox.sync.internal.result.Unchecked;
import org.jspecify.annotations.Nullable;

/**
 * The results of a batch as an unmodifiable list view of the slots they are stored in: nothing is copied.
 *
 * @param <R> the type of the results
 */
public final class ResultList<R extends @Nullable Object> extends AbstractList<R> implements RandomAccess {
    private final Slots slots;
    private final int size;

    public ResultList(Slots slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    @Override
    public R get(int index) {
        return Unchecked.cast(slots.value(Objects.checkIndex(index, size)));
    }

    @Override
    public int size() {
        return size;
    }
}
