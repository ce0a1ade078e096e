package lox.sync.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a batch whose tasks have all run.
 *
 * @param <V> what the gatherer receives
 */
@FunctionalInterface
interface Harvest<V> {
    V of(Batch batch) throws Throwable;

    /** The results in scatter order, where no task can have failed. */
    static <R extends @Nullable Object> List<R> values(Batch batch) {
        return new ResultList<>(batch.slots(), batch.size());
    }

    /** The results in scatter order, or every failure. */
    static <R extends @Nullable Object> List<R> valuesOrAllFailures(Batch batch, Dialect dialect) throws Throwable {
        int count = batch.failures();
        if (count == 0) {
            return values(batch);
        }
        List<Throwable> failures = new ArrayList<>(count);
        for (int i = 0; i < batch.size(); i++) {
            if (isFailure(batch, i)) {
                failures.add(failure(batch, i));
            }
        }
        throw failures.size() == 1 ? failures.get(0) : dialect.combine(failures, batch.size());
    }

    /** One outcome a task, in scatter order. */
    static <R extends @Nullable Object, O> List<O> outcomes(
            Batch batch, Settled.Success<? super R, ? extends O> success, Settled.Failure<? extends O> failure) {
        List<O> outcomes = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            outcomes.add(
                    isFailure(batch, i)
                            ? failure.outcome(i, failure(batch, i))
                            : success.outcome(i, Slots.typed(batch.slots().value(i))));
        }
        return Collections.unmodifiableList(outcomes);
    }

    private static boolean isFailure(Batch batch, int index) {
        return Slots.isFailure(batch.slots().state(index));
    }

    private static Throwable failure(Batch batch, int index) {
        if (batch.slots().value(index) instanceof Throwable failure) {
            return failure;
        }
        throw new IllegalStateException("no failure in failed slot " + index);
    }
}
