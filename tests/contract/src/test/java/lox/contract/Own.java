package lox.contract;

import org.jspecify.annotations.Nullable;

/** A Batch or BiBatch of any library. */
interface Own<T extends @Nullable Object, R extends @Nullable Object> extends Collecting<T, R> {
    void close();
}
