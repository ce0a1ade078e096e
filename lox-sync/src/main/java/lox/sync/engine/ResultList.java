package lox.sync.engine;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The results of a batch as an unmodifiable list over the very slots they were stored in: nothing is copied.
 *
 * @param <R> the type of the results
 */
final class ResultList<R extends @Nullable Object> extends AbstractList<R> implements RandomAccess {
    private final Slots slots;
    private final int size;

    ResultList(Slots slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    @Override
    public R get(int index) {
        return Slots.typed(slots.value(Objects.checkIndex(index, size)));
    }

    @Override
    public int size() {
        return size;
    }
}
