package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * Two arguments scattered as one.
 *
 * @param first the first
 * @param second the second
 * @param <T> the type of the first
 * @param <U> the type of the second
 */
public record Arguments<T extends @Nullable Object, U extends @Nullable Object>(T first, U second) {
    /**
     * A function of two arguments.
     *
     * @param <T> the type of the first
     * @param <U> the type of the second
     * @param <R> the type of the result
     */
    @FunctionalInterface
    public interface BiWork<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object> {
        /**
         * Runs the function once.
         *
         * @param first the first argument
         * @param second the second argument
         * @return the result
         * @throws Exception whatever the user's function throws
         */
        R run(T first, U second) throws Exception;
    }

    /**
     * Makes one argument of two for a function.
     *
     * @param work takes two
     * @param <T> the type of the first
     * @param <U> the type of the second
     * @param <R> the type of the result
     * @return takes both as one
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            Work<Arguments<T, U>, R> apply(BiWork<T, U, R> work) {
        return both -> work.run(both.first, both.second);
    }

    @Override
    public String toString() {
        return "(" + first + ", " + second + ")";
    }
}
