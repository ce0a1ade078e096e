package lox.sync.internal.core;

import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * An argument with additional data: a context that goes with the task, and how often the task has crashed its worker.
 * The envelope is stored in the slot in place of the argument, so a plain scatter pays nothing for it.
 */
public record Envelope(@Nullable Object argument, Dialect.@Nullable Context context, int crashes) {
    public Envelope(@Nullable Object argument, Dialect.@Nullable Context context) {
        this(argument, context, 0);
    }

    /** Extracts the argument of a task from the content of its slot. */
    public static @Nullable Object argumentIn(@Nullable Object content) {
        return content instanceof Envelope envelope ? envelope.argument : content;
    }

    /** How often the task of a slot has crashed its worker. */
    public static int crashesOf(@Nullable Object content) {
        return content instanceof Envelope envelope ? envelope.crashes : 0;
    }

    /** The content of a slot with one more crash counted. */
    public static Envelope afterCrash(@Nullable Object content) {
        return content instanceof Envelope envelope
                ? new Envelope(envelope.argument, envelope.context, envelope.crashes + 1)
                : new Envelope(content, null, 1);
    }
}
