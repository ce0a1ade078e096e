package lox.sync.internal.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.slot.ResultList;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.Dialect;
import lox.sync.spi.OutcomeFactory;
import org.jspecify.annotations.Nullable;

/**
 * Assembles what the gatherer receives from a batch that has completed, or that a partial deadline has ended.
 *
 * @param <V> what the gatherer receives
 */
@FunctionalInterface
public interface ResultAssembler<V> {
    V of(Batch batch) throws Throwable;

    /** The results in scatter order, for a batch in which no task can have failed. */
    static <R extends @Nullable Object> List<R> values(Batch batch) {
        return new ResultList<>(batch.slots(), batch.size());
    }

    /** The result of a submitted task, or its failure. */
    static @Nullable Object single(Batch batch, Dialect dialect) throws Throwable {
        if (isFailure(batch, 0)) {
            throw failure(batch, 0);
        }
        Object result = batch.slots().value(0);
        if (result == null && !dialect.carriesNull()) {
            throw new NullPointerException(batch.called(0) + " of \""
                    + batch.owner().name() + "\" returned null, which a single result cannot carry");
        }
        return result;
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

    /** One outcome per task, in scatter order. A task that had not ended when the batch ended counts as cancelled. */
    static <R extends @Nullable Object, O> List<O> outcomes(
            Batch batch,
            OutcomeFactory.Success<? super R, ? extends O> success,
            OutcomeFactory.Failure<? extends O> failure) {
        List<O> outcomes = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            outcomes.add(outcome(batch, i, success, failure));
        }
        return Collections.unmodifiableList(outcomes);
    }

    private static <R extends @Nullable Object, O> O outcome(
            Batch batch,
            int index,
            OutcomeFactory.Success<? super R, ? extends O> success,
            OutcomeFactory.Failure<? extends O> failure) {
        byte state = batch.slots().state(index);
        if (Slots.isResult(state)) {
            if (!batch.hasCompleted()) { // tells the results given from those that come later
                batch.slots().filledChunk(index).move(index, Slots.DONE, Slots.LISTED);
            }
            return success.outcome(index, Unchecked.cast(batch.slots().value(index)));
        }
        if (Slots.isFailure(state) && !isEchoOfItsEnd(batch, index, state)) {
            batch.slots().filledChunk(index).move(index, Slots.FAILED, Slots.REPORTED); // reported to the gatherer only
            return failure.outcome(index, failure(batch, index));
        }
        return failure.outcome(
                index,
                new CancellationException("scatter " + index + " of \""
                        + batch.owner().name() + "\" had not ended when the time of its gather was over"));
    }

    /** Whether the failure only reports the interrupt of a task that was stopped when the batch ended. */
    private static boolean isEchoOfItsEnd(Batch batch, int index, byte state) {
        return state == Slots.REPORTED && !batch.hasCompleted() && InterruptEcho.isEcho(failure(batch, index));
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
