package lox.contract;

import java.time.Duration;
import java.util.List;
import lox.sync.Outcome;
import lox.sync.Progress;
import org.jspecify.annotations.Nullable;

/** What is scattered to and gathered from, in any library: a function, or a batch of its own. */
interface Collecting<T extends @Nullable Object, R extends @Nullable Object> {
    int scatter(T argument);

    int pending();

    Result<List<R>> gather();

    Result<List<R>> gather(Progress progress);

    Result<List<R>> gatherDelayError();

    Result<List<R>> gatherDelayError(Progress progress);

    Result<List<Outcome<R>>> gatherSettled();

    Result<List<Outcome<R>>> gatherSettled(Progress progress);

    Result<List<Outcome<R>>> gatherSettled(Duration timeout);

    /** {@code gatherStream}, {@code gatherFlux} or {@code gatherFlowable}. */
    Sequence<R> gatherStream();

    Sequence<R> gatherAsCompleted();

    Sequence<Outcome<R>> gatherSettledAsCompleted();
}
