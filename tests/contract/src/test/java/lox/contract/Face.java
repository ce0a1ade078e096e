package lox.contract;

import java.time.Duration;
import java.util.List;
import lox.sync.Outcome;
import lox.sync.Progress;
import org.jspecify.annotations.Nullable;

/** A Scatter or BiScatter of any library. */
interface Face<T extends @Nullable Object, R extends @Nullable Object> {
    R call(T argument);

    int scatter(T argument);

    Result<R> submit(T argument);

    int pending();

    Result<List<R>> gather();

    Result<List<R>> gather(Progress progress);

    Result<List<R>> gatherDelayError();

    Result<List<Outcome<R>>> gatherSettled();

    Result<List<Outcome<R>>> gatherSettled(Duration timeout);

    /** {@code gatherStream}, {@code gatherFlux} or {@code gatherFlowable}. */
    Sequence<R> gatherStream();

    Sequence<R> asCompleted();

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
}
