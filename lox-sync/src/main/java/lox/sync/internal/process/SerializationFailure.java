package lox.sync.internal.process;

import java.io.NotSerializableException;
import lox.sync.internal.result.FailureText;
import lox.sync.process.SerializationException;
import org.jspecify.annotations.Nullable;

/** Says why a value could not be written or read, in words that help. */
final class SerializationFailure {
    private SerializationFailure() {}

    static SerializationException ofWriting(@Nullable Object value, String what, Throwable cause) {
        String intro = what + " cannot be sent to another JVM: ";
        String type = value == null ? "null" : value.getClass().getTypeName();
        if (cause instanceof WireWriter.TooLargeException) {
            return new SerializationException(
                    intro + type + " takes " + cause.getMessage() + ", the most is 2 GiB", null, cause);
        }
        if (cause instanceof StackOverflowError) {
            return new SerializationException(
                    intro + type + " is nested too deeply, the stack overflowed", null, shortened(cause));
        }
        if (cause.getClass() == NotSerializableException.class && value != null) {
            String path = pathTo(value, cause.getMessage());
            String culprit = path == null ? cause.getMessage() + ", somewhere in " + type + "," : path;
            return new SerializationException(intro + culprit + " is not serializable", path, cause);
        }
        return new SerializationException(intro + type + " failed with " + FailureText.of(cause), null, cause);
    }

    private static @Nullable String pathTo(Object value, @Nullable String culprit) {
        try {
            return FieldPath.to(value, culprit);
        } catch (Throwable ofTheValue) { // its methods are the user's code
            return null;
        }
    }

    static SerializationException ofReading(String what, Throwable cause) {
        boolean deep = cause instanceof StackOverflowError;
        String reason = deep ? "it is nested too deeply, the stack overflowed" : FailureText.of(cause);
        return new SerializationException(
                what + " cannot be read in this JVM: " + reason, null, deep ? shortened(cause) : cause);
    }

    /** A thousand frames of the same few methods tell nothing, and are sent along. */
    private static Throwable shortened(Throwable overflow) {
        StackTraceElement[] stack = overflow.getStackTrace();
        int kept = Math.min(stack.length, 50);
        StackTraceElement[] top = new StackTraceElement[kept];
        System.arraycopy(stack, 0, top, 0, kept);
        overflow.setStackTrace(top);
        return overflow;
    }
}
