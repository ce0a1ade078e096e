package lox.sync.internal.core;

import lox.sync.spi.Dialect;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * An argument for which a function that does not block has been called already, before it had a slot: what it has
 * returned, which nobody has subscribed to, or what it has thrown.
 */
public final class CalledEnvelope extends Envelope {
    private final @Nullable Object returned;
    private final @Nullable Throwable thrown;

    CalledEnvelope(
            @Nullable Object argument,
            Dialect.@Nullable Context context,
            @Nullable Object returned,
            @Nullable Throwable thrown) {
        super(argument, context);
        this.returned = returned;
        this.thrown = thrown;
    }

    /** What the function returns for the content of a slot: calls it, unless that has been done. */
    public static @Nullable Object call(Work<?, ?> work, @Nullable Object content) throws Exception {
        if (content instanceof CalledEnvelope called) {
            return called.result();
        }
        return TaskRunner.apply(work, argumentIn(content));
    }

    private @Nullable Object result() throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof Exception exception) {
            throw exception;
        }
        return returned;
    }
}
