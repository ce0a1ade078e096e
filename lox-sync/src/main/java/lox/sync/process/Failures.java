package lox.sync.process;

import java.io.IOException;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions on the wire: {@code [the exception itself, by Java serialization][description]}. The first part is null if the
 * exception cannot be written; the description can always be, and is what the reader falls back to.
 *
 * <p>Neither direction ever fails. Where a cause or a suppressed exception alone
 * is not serializable, it alone is replaced by a {@link RemoteTaskException}.
 */
final class Failures {
    private final Values values;

    Failures(Values values) {
        this.values = values.byJavaSerialization();
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    void write(Throwable failure, Sink out) {
        SerializationException refusal = writeItself(failure, out);
        FailureDescription.of(failure, refusal).write(out);
    }

    /** Null, or why it could not be written. */
    private @Nullable SerializationException writeItself(Throwable failure, Sink out) {
        SerializationException refusal;
        try {
            values.write(failure, out, "exception");
            return null;
        } catch (SerializationException notAsItIs) {
            refusal = notAsItIs;
        }
        IdentityHashMap<Throwable, Throwable> replaced = replacements(failure, refusal);
        if (!replaced.containsKey(failure)) {
            try {
                values.writeReplacing(
                        failure,
                        object -> object instanceof Throwable part ? replaced.getOrDefault(part, part) : object,
                        out,
                        "exception");
                return refusal;
            } catch (SerializationException notEither) {
                refusal.addSuppressed(notEither);
            }
        }
        values.write(null, out, "exception");
        return refusal;
    }

    /** A stand-in for each exception that hangs on this one and cannot be written, even without those that hang on it. */
    private IdentityHashMap<Throwable, Throwable> replacements(Throwable failure, SerializationException refusal) {
        IdentityHashMap<Throwable, Throwable> replaced = new IdentityHashMap<>();
        Exception placeHolder = new Exception("stands where another would");
        Sink trial = new Sink();
        for (Throwable part : FailureDescription.partsOf(failure)) {
            try {
                values.writeReplacing(
                        part,
                        object -> object instanceof Throwable && object != part ? placeHolder : object,
                        trial,
                        "exception");
            } catch (SerializationException notEvenAlone) {
                replaced.put(part, FailureDescription.of(part, refusal).toException());
            } finally {
                trial.clear();
            }
        }
        return replaced;
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    Throwable read(Source in) {
        try {
            SerializationException refusal = null;
            try {
                if (values.read(in, "exception") instanceof Throwable failure) {
                    return failure;
                }
            } catch (SerializationException notHere) {
                refusal = notHere;
            }
            RemoteTaskException standIn = FailureDescription.read(in).toException();
            if (refusal != null) {
                standIn.addSuppressed(refusal);
            }
            return standIn;
        } catch (IOException garbled) {
            return new SerializationException("the exception cannot be read in this JVM: " + garbled, null, garbled);
        }
    }
}
