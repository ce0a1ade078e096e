package lox.contract;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a source is mapped, and who looks.
 *
 * @param ahead 0 for the default
 * @param demand how much a subscriber requests, each time it has received as much as it has requested; plain Java pulls
 * @param each sees each result on its thread
 */
record Mapped<R extends @Nullable Object>(
        int ahead, boolean delayError, LongSupplier demand, Consumer<? super R> each) {
    static <R extends @Nullable Object> Mapped<R> plainly() {
        return new Mapped<>(0, false, () -> Long.MAX_VALUE, result -> {});
    }

    static <R extends @Nullable Object> Mapped<R> ahead(int ahead) {
        return new Mapped<>(ahead, false, () -> Long.MAX_VALUE, result -> {});
    }

    Mapped<R> delayingErrors() {
        return new Mapped<>(ahead, true, demand, each);
    }

    Mapped<R> demanding(LongSupplier amount) {
        return new Mapped<>(ahead, delayError, amount, each);
    }

    <S extends R> Mapped<S> watchedBy(Consumer<? super S> watcher) {
        return new Mapped<>(ahead, delayError, demand, watcher);
    }
}
