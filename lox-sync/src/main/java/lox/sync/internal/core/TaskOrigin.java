package lox.sync.internal.core;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.ref.SoftReference;
import java.util.Objects;
import lox.sync.internal.pool.ArgumentDescription;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the scatter that a failure comes from. It is attached to the failure as a suppressed exception, so that
 * the failure keeps its type and a printed stack trace names the index, the Scatter and the argument.
 *
 * <p>The argument is described when the message is requested, in the requesting thread: none of the argument's code
 * runs on the failure's way to the gatherer. Numbers and short texts are kept as they are. Other arguments are kept
 * only as long as memory allows, and only until they have been described. A serialized copy contains the description,
 * not the argument.
 */
public final class TaskOrigin extends Exception {
    private static final long serialVersionUID = 2L;

    /** A million tasks may throw the same exception instance, which must not collect a million origins. */
    private static final int MOST_ORIGINS = 8;

    private final String scatter;
    private volatile @Nullable String argument;
    private transient volatile @Nullable Undescribed undescribed;

    /** An argument and how to describe it. */
    private record Undescribed(SoftReference<Object> argument, ArgumentDescription description) {
        String text() {
            Object left = argument.get();
            return left == null ? "no longer in memory" : description.text(left);
        }
    }

    private TaskOrigin(String scatter, @Nullable String argument, @Nullable Undescribed undescribed) {
        super(null, null, false, false);
        this.scatter = scatter;
        this.argument = argument;
        this.undescribed = undescribed;
    }

    /**
     * Attaches the origin to a failure. Does nothing if that is not possible, since the failure itself has to be
     * delivered.
     */
    static void attach(
            Throwable failure,
            String name,
            String task,
            @Nullable Object argument,
            int attempts,
            ArgumentDescription description) {
        try {
            if (failure.getSuppressed().length < MOST_ORIGINS) {
                String scatter = task + " of \"" + name + "\"" + (attempts > 1 ? ", attempt " + attempts : "");
                failure.addSuppressed(of(scatter, argument, description));
            }
        } catch (Throwable noRoom) { // no memory, no stack
            return;
        }
    }

    private static TaskOrigin of(String scatter, @Nullable Object argument, ArgumentDescription description) {
        if (description.isHidden()) {
            return new TaskOrigin(scatter, null, null);
        }
        String plain = description.plain(argument);
        return plain != null
                ? new TaskOrigin(scatter, plain, null)
                : new TaskOrigin(
                        scatter,
                        null,
                        new Undescribed(new SoftReference<>(Objects.requireNonNull(argument)), description));
    }

    @Override
    public String getMessage() {
        Undescribed waiting = undescribed;
        if (waiting != null) {
            argument = waiting.text();
            undescribed = null; // after the text, which other threads may read
        }
        String text = argument;
        return text == null ? scatter : scatter + ", argument: " + text;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        String unused = getMessage(); // makes the description
        out.defaultWriteObject();
    }
}
