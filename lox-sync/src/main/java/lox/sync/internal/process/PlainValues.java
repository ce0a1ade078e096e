package lox.sync.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The values that need no codec, on the wire: null, boxed primitives, strings and {@linkplain PrimitiveArrays arrays
 * of primitives}.
 */
final class PlainValues {
    static final byte NULL = 0;
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

    private PlainValues() {}

    /** Writes tag and content. Returns false, with nothing written, if the value is not plain. */
    static boolean write(@Nullable Object value, WireWriter out) {
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
            return false;
        }
        return true;
    }

    private static void writeInt(byte tag, int value, WireWriter out) {
        out.write(tag);
        out.writeInt(value);
    }

    private static void writeLong(byte tag, long value, WireWriter out) {
        out.write(tag);
        out.writeLong(value);
    }

    private static void writeString(String text, WireWriter out) {
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

    /** Reads what follows the tag, up to the reader's limit. */
    static @Nullable Object read(byte tag, WireReader in) throws IOException {
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
            default -> PrimitiveArrays.read(tag, in);
        };
    }
}
