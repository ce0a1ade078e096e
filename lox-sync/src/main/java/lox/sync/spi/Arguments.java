package lox.sync.spi;

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
    @Override
    public String toString() {
        return "(" + first + ", " + second + ")";
    }
}
