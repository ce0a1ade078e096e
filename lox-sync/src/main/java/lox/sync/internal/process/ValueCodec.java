package lox.sync.internal.process;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.StreamCorruptedException;
import java.lang.invoke.SerializedLambda;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import lox.sync.internal.process.FailureDescription.Extent;
import lox.sync.internal.serialization.JavaSerialization;
import lox.sync.process.Codec;
import lox.sync.process.SerializationException;
import lox.sync.spi.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads values. On the wire each is {@code [length: int][tag: byte][content]}, the length counting tag and
 * content, so that the next value is found even if this one cannot be understood.
 *
 * <pre>
 *   NULL TRUE FALSE                   nothing
 *   BYTE SHORT CHAR INT FLOAT         an int
 *   LONG DOUBLE                       a long
 *   LATIN_1                           one byte a character
 *   UTF_16                            two bytes a character: any string, unpaired surrogates too
 *   BOOLEANS BYTES SHORTS ...         the elements, big-endian
 *   PAIR                              two values: the arguments of a function of two
 *   OBJECT                            what the codec wrote
 *   FAILURE                           an exception: see {@link FailureCodec}
 *   LAMBDA                            a function that is a lambda: see {@link LambdaCodec}
 * </pre>
 *
 * <p>Safe for use from many threads, each with its own writer or reader.
 */
final class ValueCodec {
    private static final byte PAIR = 12;
    private static final byte OBJECT = 13;
    private static final byte FAILURE = 14;
    private static final byte LAMBDA = 15;

    private static final byte[] UNDESCRIBED = undescribed();

    /** A value whose bytes have been received, and that the user's classes are needed to read. */
    private static final class Unopened {
        final byte tag;
        final byte[] content;

        Unopened(byte tag, byte[] content) {
            this.tag = tag;
            this.content = content;
        }
    }

    private record UnopenedPair(
            @Nullable Object first, @Nullable Object second) {}

    private final Codec codec;
    private final ClassLoader loader;
    private final @Nullable Consumer<Class<?>> seen;
    private final @Nullable ObjectInputFilter filter;
    private final boolean ofFunctions;

    /**
     * Makes a reader and writer.
     *
     * @param codec for everything that has no tag of its own
     * @param loader finds the classes of what is read
     * @param seen is told every class that Java serialization writes, or null
     * @param filter for what Java serialization reads, or null
     */
    ValueCodec(Codec codec, ClassLoader loader, @Nullable Consumer<Class<?>> seen, @Nullable ObjectInputFilter filter) {
        this(codec, loader, seen, filter, false);
    }

    private ValueCodec(
            Codec codec,
            ClassLoader loader,
            @Nullable Consumer<Class<?>> seen,
            @Nullable ObjectInputFilter filter,
            boolean ofFunctions) {
        this.codec = codec;
        this.loader = loader;
        this.seen = seen;
        this.filter = filter;
        this.ofFunctions = ofFunctions;
    }

    /** The same, with Java serialization as its codec. */
    ValueCodec byJavaSerialization() {
        return codec instanceof JavaSerialization
                ? this
                : new ValueCodec(Codec.javaSerialization(), loader, seen, filter);
    }

    /**
     * The same for functions, which the parent writes and a worker reads: with Java serialization, or without it for
     * those lambdas that can do without. Never for what comes from a worker: a filter would not see it.
     */
    ValueCodec ofFunctions() {
        return new ValueCodec(Codec.javaSerialization(), loader, seen, null, true);
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    /**
     * Writes a value, or nothing at all.
     *
     * @param what the value is to the user: the argument, the result, the function
     * @throws SerializationException if it cannot be written; the writer is as it was
     */
    void write(@Nullable Object value, WireWriter out, String what) {
        write(value, null, out, what);
    }

    /** Writes an object by Java serialization, with some of the objects that hang on it replaced; or nothing at all. */
    void writeReplacing(Object value, UnaryOperator<Object> replacement, WireWriter out, String what) {
        write(value, replacement, out, what);
    }

    private void write(
            @Nullable Object value, @Nullable UnaryOperator<Object> replacement, WireWriter out, String what) {
        long mark = out.mark();
        boolean written = false;
        try {
            writeSized(value, replacement, out);
            written = true;
        } catch (StackOverflowError | LinkageError | Exception cause) {
            throw SerializationFailure.ofWriting(value, what, cause);
        } finally {
            if (!written) {
                out.rewind(mark);
            }
        }
    }

    /** Writes a part of a value. */
    void writePart(@Nullable Object value, WireWriter out) throws IOException {
        writeSized(value, null, out);
    }

    private void writeSized(@Nullable Object value, @Nullable UnaryOperator<Object> replacement, WireWriter out)
            throws IOException {
        int at = out.reserveInt();
        long begin = out.mark();
        writeTagged(value, replacement, out);
        long size = out.sizeSince(begin);
        if (size > Integer.MAX_VALUE) {
            throw new WireWriter.TooLargeException(size + " bytes");
        }
        out.patchInt(at, (int) size);
    }

    private void writeTagged(@Nullable Object value, @Nullable UnaryOperator<Object> replacement, WireWriter out)
            throws IOException {
        if (value instanceof Arguments<?, ?> pair) {
            out.write(PAIR);
            writeSized(pair.first(), replacement, out);
            writeSized(pair.second(), replacement, out);
        } else if (!PlainValues.write(value, out) && value != null) { // null is plain
            writeObject(value, replacement, out);
        }
    }

    private void writeObject(Object value, @Nullable UnaryOperator<Object> replacement, WireWriter out)
            throws IOException {
        SerializedLambda lambda = ofFunctions ? LambdaCodec.describe(value) : null;
        if (seen != null && (lambda != null || !(codec instanceof JavaSerialization))) {
            seen.accept(value.getClass());
        }
        if (lambda != null) {
            out.write(LAMBDA);
            LambdaCodec.write(lambda, this, out);
            return;
        }
        out.write(OBJECT);
        if (codec instanceof JavaSerialization) {
            JavaSerialization.write(value, out, seen, replacement);
        } else {
            codec.write(value, out);
        }
    }

    /**
     * Writes an exception, which never fails: what cannot travel is described, and if there is no room for that,
     * described in fewer words.
     */
    void writeFailure(Throwable failure, WireWriter out) {
        if (!writeFailure(failure, Extent.WHOLE, out)
                && !writeFailure(failure, Extent.SHORT, out)
                && !writeFailure(failure, Extent.LEAST, out)) {
            out.write(UNDESCRIBED, 0, UNDESCRIBED.length);
        }
    }

    private boolean writeFailure(Throwable failure, Extent extent, WireWriter out) {
        long mark = out.mark();
        try {
            int at = out.reserveInt();
            long begin = out.mark();
            out.write(FAILURE);
            new FailureCodec(this).write(failure, extent, out);
            long size = out.sizeSince(begin);
            if (size <= Integer.MAX_VALUE) {
                out.patchInt(at, (int) size);
                return true;
            }
        } catch (Throwable noRoom) { // or an unforeseen fault of the exception's own methods
            out.rewind(mark);
            return false;
        }
        out.rewind(mark);
        return false;
    }

    /** A failure of which nothing can be said, as it is written. Made ahead: when it is needed there is no memory. */
    private static byte[] undescribed() {
        byte[] type = Throwable.class.getName().getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = "the worker process had no memory to say more".getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer out = ByteBuffer.allocate(256).putInt(0).put(FAILURE);
        out.putInt(1).put(PlainValues.NULL); // instead of itself
        out.putInt(-1).putInt(1); // no reason; one exception:
        out.putInt(type.length).put(type);
        out.putInt(message.length).put(message);
        out.putInt(0).putInt(-1).putInt(0); // no stack, no cause, nothing suppressed
        out.putInt(0, out.position() - Integer.BYTES);
        return Arrays.copyOf(out.array(), out.position());
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /**
     * Reads one value, and whatever comes of it, stands behind it afterwards.
     *
     * @param what the value is to the user: the argument, the result, the function
     * @throws SerializationException if it cannot be read; the next value can
     * @throws IOException if the channel has come to its end
     */
    @Nullable
    Object read(WireReader in, String what) throws IOException {
        return open(receive(in), what);
    }

    /**
     * Reads one value without running any of the user's code, and whatever comes of it, stands behind it afterwards.
     *
     * @return the value if it is one that lox writes itself; else something to be opened
     * @throws OutOfMemoryError if there is no room for it; the next value can be read
     * @throws IOException if the channel has come to its end
     */
    static @Nullable Object receive(WireReader in) throws IOException {
        long beyond = in.limit(in.readInt());
        try {
            return receiveTagged(in);
        } finally {
            in.unlimit(beyond);
        }
    }

    private static @Nullable Object receiveTagged(WireReader in) throws IOException {
        byte tag = in.readByte();
        return switch (tag) {
            case PAIR -> new UnopenedPair(receive(in), receive(in));
            case OBJECT, FAILURE, LAMBDA -> new Unopened(tag, in.readRest());
            default -> PlainValues.read(tag, in);
        };
    }

    /**
     * Makes the value of what was received, with the user's classes.
     *
     * @param what the value is to the user: the argument, the result, the function
     * @throws SerializationException if that fails
     */
    @Nullable
    Object open(@Nullable Object received, String what) {
        if (received instanceof Unopened unopened) {
            WireReader in = new WireReader(unopened.content);
            return unopened.tag == FAILURE ? new FailureCodec(this).read(in) : read(in, unopened.tag == LAMBDA, what);
        }
        if (received instanceof UnopenedPair pair) {
            return pair(open(pair.first, what), open(pair.second, what));
        }
        return received;
    }

    /** The same for what was thrown in a worker. */
    Throwable openThrown(@Nullable Object received) {
        return open(received, "the exception") instanceof Throwable thrown
                ? thrown
                : new IllegalStateException("a worker has sent a failure that is none");
    }

    @SuppressWarnings("NullAway") // on JDK 17 it does not read type arguments
    private static Object pair(@Nullable Object first, @Nullable Object second) {
        return new Arguments<@Nullable Object, @Nullable Object>(first, second);
    }

    private Object read(WireReader in, boolean isLambda, String what) {
        try {
            if (isLambda && ofFunctions) {
                return LambdaCodec.read(in, this, loader);
            }
            if (isLambda) {
                throw new StreamCorruptedException("a function's form, and it is none");
            }
            return codec instanceof JavaSerialization
                    ? JavaSerialization.read(in, loader, filter)
                    : codec.read(in, loader);
        } catch (StackOverflowError | LinkageError | Exception cause) {
            throw SerializationFailure.ofReading(what, cause);
        }
    }

    /** Passes over one value. */
    static void skip(WireReader in) throws IOException {
        in.unlimit(in.limit(in.readInt()));
    }
}
