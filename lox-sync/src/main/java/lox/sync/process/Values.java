package lox.sync.process;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.StreamCorruptedException;
import java.lang.invoke.SerializedLambda;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import lox.sync.engine.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Values on the wire. Each is {@code [length: int][tag: byte][content]}, the length counting tag and content, so that the next value
 * is found even if this one cannot be understood.
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
 *   FAILURE                           an exception: see {@link Failures}
 *   LAMBDA                            a function that is a lambda: see {@link LambdaCodec}
 * </pre>
 *
 * <p>Safe for use from many threads, each with its own sink or source.
 */
final class Values {
    private static final byte NULL = 0;
    private static final byte TRUE = 1;
    private static final byte FALSE = 2;
    private static final byte BYTE = 3;
    private static final byte SHORT = 4;
    private static final byte CHAR = 5;
    private static final byte INT = 6;
    private static final byte LONG = 7;
    private static final byte FLOAT = 8;
    private static final byte DOUBLE = 9;
    private static final byte LATIN_1 = 10;
    private static final byte UTF_16 = 11;
    private static final byte PAIR = 12;
    private static final byte OBJECT = 13;
    private static final byte FAILURE = 14;
    private static final byte LAMBDA = 15;

    /** A value whose bytes have come, and that only the user's classes can make sense of. */
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
    Values(Codec codec, ClassLoader loader, @Nullable Consumer<Class<?>> seen, @Nullable ObjectInputFilter filter) {
        this(codec, loader, seen, filter, false);
    }

    private Values(
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
    Values byJavaSerialization() {
        return codec instanceof JavaSerialization ? this : new Values(Codec.javaSerialization(), loader, seen, filter);
    }

    /**
     * The same for functions, which the parent writes and a worker reads: with Java serialization, or without it for those lambdas that
     * can do without. Never for what comes from a worker: a filter would not see it.
     */
    Values ofFunctions() {
        return new Values(Codec.javaSerialization(), loader, seen, null, true);
    }

    // ---- writing ---------------------------------------------------------------------------------------------------

    /**
     * Writes a value, or nothing at all.
     *
     * @param what the value is to the user: the argument, the result, the function
     * @throws SerializationException if it cannot be written; the sink is as it was
     */
    void write(@Nullable Object value, Sink out, String what) {
        write(value, null, out, what);
    }

    /** Writes an object by Java serialization, with some of the objects that hang on it replaced; or nothing at all. */
    void writeReplacing(Object value, UnaryOperator<Object> replacement, Sink out, String what) {
        write(value, replacement, out, what);
    }

    private void write(@Nullable Object value, @Nullable UnaryOperator<Object> replacement, Sink out, String what) {
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
    void writePart(@Nullable Object value, Sink out) throws IOException {
        writeSized(value, null, out);
    }

    private void writeSized(@Nullable Object value, @Nullable UnaryOperator<Object> replacement, Sink out)
            throws IOException {
        int at = out.reserveInt();
        long begin = out.mark();
        writeTagged(value, replacement, out);
        long size = out.sizeSince(begin);
        if (size > Integer.MAX_VALUE) {
            throw new Sink.TooLargeException(size + " bytes");
        }
        out.patchInt(at, (int) size);
    }

    private void writeTagged(@Nullable Object value, @Nullable UnaryOperator<Object> replacement, Sink out)
            throws IOException {
        if (value instanceof Integer number) {
            writeInt(INT, number, out);
        } else if (value == null) {
            out.write(NULL);
        } else if (value instanceof String text) {
            writeString(text, out);
        } else if (value instanceof Long number) {
            writeLong(LONG, number, out);
        } else if (value instanceof Double number) {
            writeLong(DOUBLE, Double.doubleToRawLongBits(number), out);
        } else if (value instanceof Boolean truth) {
            out.write(truth ? TRUE : FALSE);
        } else if (value instanceof Arguments<?, ?> pair) {
            out.write(PAIR);
            writeSized(pair.first(), replacement, out);
            writeSized(pair.second(), replacement, out);
        } else if (PrimitiveArrays.isOne(value)) {
            PrimitiveArrays.write(value, out);
        } else if (value instanceof Float number) {
            writeInt(FLOAT, Float.floatToRawIntBits(number), out);
        } else if (value instanceof Byte number) {
            writeInt(BYTE, number, out);
        } else if (value instanceof Short number) {
            writeInt(SHORT, number, out);
        } else if (value instanceof Character character) {
            writeInt(CHAR, character, out);
        } else {
            writeObject(value, replacement, out);
        }
    }

    private void writeObject(Object value, @Nullable UnaryOperator<Object> replacement, Sink out) throws IOException {
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

    private static void writeInt(byte tag, int value, Sink out) {
        out.write(tag);
        out.writeInt(value);
    }

    private static void writeLong(byte tag, long value, Sink out) {
        out.write(tag);
        out.writeLong(value);
    }

    private static void writeString(String text, Sink out) {
        if (isLatin1(text)) {
            out.write(LATIN_1);
            out.attach(text.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        out.write(UTF_16);
        ByteBuffer room = out.reserve(Math.multiplyExact(text.length(), Character.BYTES));
        for (int i = 0; i < text.length(); i++) {
            room.putChar(text.charAt(i));
        }
    }

    private static boolean isLatin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return false;
            }
        }
        return true;
    }

    /** Writes an exception, which never fails: what cannot travel is described. */
    void writeFailure(Throwable failure, Sink out) {
        int at = out.reserveInt();
        long begin = out.mark();
        out.write(FAILURE);
        new Failures(this).write(failure, out);
        out.patchInt(at, (int) out.sizeSince(begin));
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
    Object read(Source in, String what) throws IOException {
        return open(receive(in), what);
    }

    /**
     * Reads one value without running any of the user's code, and whatever comes of it, stands behind it afterwards.
     *
     * @return the value if it is one that lox writes itself; else something to be opened
     * @throws OutOfMemoryError if there is no room for it; the next value can be read
     * @throws IOException if the channel has come to its end
     */
    static @Nullable Object receive(Source in) throws IOException {
        long beyond = in.limit(in.readInt());
        try {
            return receiveTagged(in);
        } finally {
            in.unlimit(beyond);
        }
    }

    private static @Nullable Object receiveTagged(Source in) throws IOException {
        byte tag = in.readByte();
        return switch (tag) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case BYTE -> (byte) in.readInt();
            case SHORT -> (short) in.readInt();
            case CHAR -> (char) in.readInt();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> Float.intBitsToFloat(in.readInt());
            case DOUBLE -> Double.longBitsToDouble(in.readLong());
            case LATIN_1 -> new String(in.readRest(), StandardCharsets.ISO_8859_1);
            case UTF_16 -> // a charset would replace unpaired surrogates
                ByteBuffer.wrap(in.readRest()).asCharBuffer().toString();
            case PAIR -> new UnopenedPair(receive(in), receive(in));
            case OBJECT, FAILURE, LAMBDA -> new Unopened(tag, in.readRest());
            default -> PrimitiveArrays.read(tag, in);
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
            Source in = new Source(unopened.content);
            return unopened.tag == FAILURE ? new Failures(this).read(in) : read(in, unopened.tag == LAMBDA, what);
        }
        if (received instanceof UnopenedPair pair) {
            return pair(open(pair.first, what), open(pair.second, what));
        }
        return received;
    }

    @SuppressWarnings("NullAway") // on JDK 17 it does not read type arguments
    private static Object pair(@Nullable Object first, @Nullable Object second) {
        return new Arguments<@Nullable Object, @Nullable Object>(first, second);
    }

    private Object read(Source in, boolean isLambda, String what) {
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
    static void skip(Source in) throws IOException {
        in.unlimit(in.limit(in.readInt()));
    }
}
