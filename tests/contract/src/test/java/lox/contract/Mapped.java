package lox.contract;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a source is mapped, and who looks.
 *
 * @param ahead 0 for the default
 * @param kind which of the maps whose items are the results
 * @param demand how much a subscriber requests, each time it has received as much as it has requested; plain Java pulls
 * @param each sees each item on its thread
 */
record Mapped<R extends @Nullable Object>(int ahead, Kind kind, LongSupplier demand, Consumer<? super R> each) {
    /** {@code map}, {@code mapDelayError} or {@code mapUnordered}. */
    enum Kind {
        IN_ORDER,
        DELAYING_ERRORS,
        UNORDERED
    }

    static <R extends @Nullable Object> Mapped<R> plainly() {
        return ahead(0);
    }

    static <R extends @Nullable Object> Mapped<R> ahead(int ahead) {
        return new Mapped<>(ahead, Kind.IN_ORDER, () -> Long.MAX_VALUE, result -> {});
    }

    Mapped<R> delayingErrors() {
        return new Mapped<>(ahead, Kind.DELAYING_ERRORS, demand, each);
    }

    Mapped<R> unordered() {
        return new Mapped<>(ahead, Kind.UNORDERED, demand, each);
    }

    Mapped<R> demanding(LongSupplier amount) {
        return new Mapped<>(ahead, kind, amount, each);
    }

    <S extends R> Mapped<S> watchedBy(Consumer<? super S> watcher) {
        return new Mapped<>(ahead, kind, demand, watcher);
    }
}
