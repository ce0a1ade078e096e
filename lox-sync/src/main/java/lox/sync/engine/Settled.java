package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/** How an adapter makes outcomes: two constructors. */
public final class Settled {
    private Settled() {}

    /**
     * Makes the outcome of a task that returned.
     *
     * @param <R> the result
     * @param <O> the outcome
     */
    @FunctionalInterface
    public interface Success<R extends @Nullable Object, O> {
        /**
         * Makes the outcome.
         *
         * @param index the index of the scatter
         * @param value the result
         * @return the outcome
         */
        O outcome(int index, R value);
    }

    /**
     * Makes the outcome of a task that threw.
     *
     * @param <O> the outcome
     */
    @FunctionalInterface
    public interface Failure<O> {
        /**
         * Makes the outcome.
         *
         * @param index the index of the scatter
         * @param failure what the task threw
         * @return the outcome
         */
        O outcome(int index, Throwable failure);
    }
}
