package lox.sync.internal.pool;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * How many scatters of one function may wait for a worker before the next one has to wait itself.
 *
 * @param most 1 or more; {@link Integer#MAX_VALUE} for any number
 * @param refusal makes, of a message, what a scatter gets that would have to wait and must not
 */
public record QueueLimit(int most, Function<String, RejectedExecutionException> refusal) {
    /** Any number. */
    public static final QueueLimit NONE = new QueueLimit(Integer.MAX_VALUE, RejectedExecutionException::new);

    public boolean isNone() {
        return most == Integer.MAX_VALUE;
    }
}
