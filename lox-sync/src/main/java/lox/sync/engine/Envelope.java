package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * An argument that travels with company: somebody listens for this one result, a context goes with the task, or it has
 * taken a worker down before and may try again. It lies in the slot in the argument's place, so a plain scatter pays nothing for it.
 */
record Envelope(
        @Nullable Object argument, @Nullable Completion<?> completion, Dialect.@Nullable Context context, int crashes) {
    Envelope(@Nullable Object argument, @Nullable Completion<?> completion, Dialect.@Nullable Context context) {
        this(argument, completion, context, 0);
    }

    /** The argument of a task, taken out of whatever lies in its slot. */
    static @Nullable Object argumentIn(@Nullable Object content) {
        return content instanceof Envelope envelope ? envelope.argument : content;
    }

    /** How often the task of a slot has taken its worker down. */
    static int crashesOf(@Nullable Object content) {
        return content instanceof Envelope envelope ? envelope.crashes : 0;
    }

    /** The same slot's content with one more crash noted. */
    static Envelope afterCrash(@Nullable Object content) {
        return content instanceof Envelope envelope
                ? new Envelope(envelope.argument, envelope.completion, envelope.context, envelope.crashes + 1)
                : new Envelope(content, null, null, 1);
    }
}
