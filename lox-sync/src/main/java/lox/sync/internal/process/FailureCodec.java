package lox.sync.internal.process;

import java.io.IOException;
import java.util.IdentityHashMap;
import lox.sync.internal.process.FailureDescription.Extent;
import lox.sync.process.RemoteTaskException;
import lox.sync.process.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions on the wire: {@code [the exception itself, by Java serialization][description]}. The first part is null if
 * the exception cannot be written; the description can always be, and is what the reader falls back to.
 *
 * <p>Reading never fails. Writing fails only for lack of memory: then a smaller {@link Extent} is written. Where a
 * cause or a suppressed exception alone is not serializable, it alone is replaced by a {@link RemoteTaskException}.
 */
final class FailureCodec {
    private final ValueCodec values;

    FailureCodec(ValueCodec values) {
        this.values = values.byJavaSerialization();
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    /**
     * Writes an exception.
     *
     * @param extent less than all of it goes without the exception itself
     */
    void write(Throwable failure, Extent extent, WireWriter out) {
        SerializationException refusal = null;
        if (extent.equals(Extent.WHOLE)) {
            refusal = writeItself(failure, out);
        } else {
            values.write(null, out, "exception");
        }
        FailureDescription.of(failure, refusal, extent).write(out);
    }

    /** Null, or why it could not be written. */
    private @Nullable SerializationException writeItself(Throwable failure, WireWriter out) {
        SerializationException refusal;
        try {
            values.write(failure, out, "exception");
            return null;
        } catch (Throwable notAsItIs) {
            refusal = refusal(failure, notAsItIs);
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
            } catch (Throwable notEither) {
                refusal.addSuppressed(notEither);
            }
        }
        values.write(null, out, "exception");
        return refusal;
    }

    /**
     * What the exception's own methods throw while it is written, an Error too, is only the reason why it cannot
     * travel.
     */
    private static SerializationException refusal(Throwable failure, Throwable thrown) {
        return thrown instanceof SerializationException said
                ? said
                : SerializationFailure.ofWriting(failure, "exception", thrown);
    }

    /**
     * A stand-in for each exception that hangs on this one and cannot be written, even without those that hang on it.
     */
    private IdentityHashMap<Throwable, Throwable> replacements(Throwable failure, SerializationException refusal) {
        IdentityHashMap<Throwable, Throwable> replaced = new IdentityHashMap<>();
        Exception placeHolder = new Exception("stands where another would");
        WireWriter trial = new WireWriter();
        for (Throwable part : FailureDescription.partsOf(failure, Extent.WHOLE.parts())) {
            try {
                values.writeReplacing(
                        part,
                        object -> object instanceof Throwable && object != part ? placeHolder : object,
                        trial,
                        "exception");
            } catch (Throwable notEvenAlone) {
                replaced.put(
                        part, FailureDescription.of(part, refusal, Extent.WHOLE).toException());
            } finally {
                trial.clear();
            }
        }
        return replaced;
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    Throwable read(WireReader in) {
        try {
            SerializationException refusal = null;
            try {
                if (values.read(in, "exception") instanceof Throwable failure) {
                    return failure;
                }
            } catch (SerializationException notHere) {
                refusal = notHere;
            } catch (Error ofItsOwnMethods) {
                refusal = SerializationFailure.ofReading("exception", ofItsOwnMethods);
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
