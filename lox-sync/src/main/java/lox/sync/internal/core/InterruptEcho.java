package lox.sync.internal.core;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes failures that only report an interrupt, which is how lox stops a task, as opposed to failures of a task's
 * own.
 */
public final class InterruptEcho {
    /** Limits the search, since causes can form a cycle. */
    private static final int LONGEST_CAUSE = 20;

    private InterruptEcho() {}

    /** What a call is stopped with whose batch has ended: as a thread's interrupt, it is nobody's failure. */
    public static InterruptedException cancelled() {
        return new InterruptedException("cancelled");
    }

    public static boolean isEcho(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < LONGEST_CAUSE; depth++) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause.getClass() == InterruptedIOException.class) { // its subclasses are timeouts
                return true;
            }
            cause = causeOf(cause);
        }
        return false;
    }

    private static @Nullable Throwable causeOf(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable ofTheFailure) { // user code; the failure at hand matters more
            return null;
        }
    }
}
