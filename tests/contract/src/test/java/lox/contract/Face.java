package lox.contract;

import java.util.List;
import java.util.function.Function;
import lox.sync.Outcome;
import org.jspecify.annotations.Nullable;

/** A Scatter or BiScatter of any library. */
interface Face<T extends @Nullable Object, R extends @Nullable Object> extends Collecting<T, R> {
    R call(T argument);

    Result<R> submit(T argument);

    /** A batch of its own. */
    Own<T, R> batch();

    void discard();

    /** Scatters all and gathers them in a batch of its own. Not for two arguments. */
    default Result<List<R>> gather(Iterable<T> arguments) {
        throw new UnsupportedOperationException("gather takes a list of one argument each");
    }

    /** Scatters all, and what their results lead to, until nothing is left. Not for two arguments. */
    default Result<List<R>> expand(
            Iterable<? extends T> seeds, Function<? super R, ? extends Iterable<? extends T>> further) {
        throw new UnsupportedOperationException("expand takes lists of one argument each");
    }

    <S extends @Nullable Object> Face<T, S> then(Face<R, S> next);

    /** The library's own Scatter. */
    Object own();

    /** Maps what the source has; begins when it is subscribed to, in plain Java at this call. Not for two arguments. */
    default Result<List<R>> map(Iterable<T> source, Mapped<? super R> how) {
        throw new UnsupportedOperationException("map takes one argument");
    }

    default Result<List<R>> map(Iterable<T> source) {
        return map(source, Mapped.plainly());
    }

    /** Maps each element to its outcome. Not for two arguments. */
    default Result<List<Outcome<R>>> mapSettled(Iterable<T> source, Mapped<? super Outcome<R>> how) {
        throw new UnsupportedOperationException("map takes one argument");
    }

    /** Maps the elements of a key one after another. Not for two arguments. */
    default Result<List<R>> mapByKey(Iterable<T> source, Function<? super T, ?> keyOf, Mapped<? super R> how) {
        throw new UnsupportedOperationException("map takes one argument");
    }
}
