package lox.sync.internal.core;

import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * An argument with additional data: a context that goes with the task, and how often the task has failed and is tried
 * again. The envelope is stored in the slot in place of the argument, so a plain scatter pays nothing for it.
 */
public class Envelope {
    private final @Nullable Object argument;
    private final Dialect.@Nullable Context context;
    private final int failures;

    public Envelope(@Nullable Object argument, Dialect.@Nullable Context context) {
        this(argument, context, 0);
    }

    private Envelope(@Nullable Object argument, Dialect.@Nullable Context context, int failures) {
        this.argument = argument;
        this.context = context;
        this.failures = failures;
    }

    final @Nullable Object argument() {
        return argument;
    }

    final Dialect.@Nullable Context context() {
        return context;
    }

    /** Extracts the argument of a task from the content of its slot. */
    public static @Nullable Object argumentIn(@Nullable Object content) {
        return content instanceof Envelope envelope ? envelope.argument : content;
    }

    /** The context in the content of a task's slot, or null. */
    public static Dialect.@Nullable Context contextIn(@Nullable Object content) {
        return content instanceof Envelope envelope ? envelope.context : null;
    }

    /** How many attempts of the task of a slot have failed. */
    public static int failuresOf(@Nullable Object content) {
        return content instanceof Envelope envelope ? envelope.failures : 0;
    }

    /** The content of a slot with so many failed attempts. */
    public static Envelope afterFailures(@Nullable Object content, int failures) {
        return content instanceof Envelope envelope
                ? new Envelope(envelope.argument, envelope.context, failures)
                : new Envelope(content, null, failures);
    }
}
