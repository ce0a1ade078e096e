package lox.sync.spi;

import org.jspecify.annotations.Nullable;

/** The two factories by which an adapter creates outcomes. */
public final class OutcomeFactory {
    private OutcomeFactory() {}

    /**
     * Creates the outcome of a task that returned.
     *
     * @param <R> the result
     * @param <O> the outcome
     */
    @FunctionalInterface
    public interface Success<R extends @Nullable Object, O> {
        /**
         * Creates the outcome.
         *
         * @param index the index of the scatter
         * @param value the result
         * @return the outcome
         */
        O outcome(int index, R value);
    }

    /**
     * Creates the outcome of a task that threw.
     *
     * @param <O> the outcome
     */
    @FunctionalInterface
    public interface Failure<O> {
        /**
         * Creates the outcome.
         *
         * @param index the index of the scatter
         * @param failure what the task threw
         * @return the outcome
         */
        O outcome(int index, Throwable failure);
    }
}
