package lox.sync.process;

import org.jspecify.annotations.Nullable;

/**
 * A function, an argument or a result could not be turned into bytes, or back. It fails one task; the worker process
 * goes on.
 *
 * <p>The message names the class, and where Java serialization tells, the fields that lead to it:
 * {@code the argument cannot be sent to another JVM: Job.client.socket (java.net.Socket) is not serializable}.
 */
public final class SerializationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Where the value lies that is to blame, or null. */
    private final @Nullable String path;

    /**
     * A value that could not be turned into bytes, or back.
     *
     * @param message names the class
     * @param path the fields that lead to what is to blame, with its class, or null
     * @param cause why, or null
     */
    public SerializationException(String message, @Nullable String path, @Nullable Throwable cause) {
        super(message, cause);
        this.path = path;
    }

    /**
     * The fields that lead from the value to what could not be serialized, with its class.
     *
     * @return for example {@code Job.client.socket (java.net.Socket)}, or null if that is not known
     */
    public @Nullable String path() {
        return path;
    }
}
