package lox.sync.process;

import org.jspecify.annotations.Nullable;

/**
 * Stands for an exception of a worker process that could not come over itself: it, or something it holds, is not
 * serializable, or its class is missing here. Class name, message, stack trace, causes and suppressed exceptions are
 * the original's. Why it had to be replaced is said by a suppressed {@link SerializationException}.
 */
public final class RemoteTaskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The class of the exception it stands for. */
    private final String originalClassName;

    /** The message of the exception it stands for. */
    private final @Nullable String originalMessage;

    /**
     * Stands for an exception.
     *
     * @param originalClassName the name of its class
     * @param originalMessage its message
     * @param stack its stack trace
     */
    public RemoteTaskException(String originalClassName, @Nullable String originalMessage, StackTraceElement[] stack) {
        super(originalMessage == null ? originalClassName : originalClassName + ": " + originalMessage);
        this.originalClassName = originalClassName;
        this.originalMessage = originalMessage;
        setStackTrace(stack);
    }

    /**
     * The class of the exception that this one stands for.
     *
     * @return a name as {@link Class#getName()} gives it
     */
    public String originalClassName() {
        return originalClassName;
    }

    /**
     * The message of the exception that this one stands for.
     *
     * @return as its {@code getMessage()} gave it
     */
    public @Nullable String originalMessage() {
        return originalMessage;
    }
}
