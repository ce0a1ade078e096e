package lox.sync.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Arrays of primitives on the wire: a tag, then the elements, big-endian. */
final class PrimitiveArrays {
    private static final byte BOOLEANS = 20;
    private static final byte BYTES = 21;
    private static final byte SHORTS = 22;
    private static final byte CHARS = 23;
    private static final byte INTS = 24;
    private static final byte LONGS = 25;
    private static final byte FLOATS = 26;
    private static final byte DOUBLES = 27;

    private PrimitiveArrays() {}

    static boolean isOne(Object value) {
        Class<?> element = value.getClass().getComponentType();
        return element != null && element.isPrimitive();
    }

    static void write(Object array, WireWriter out) {
        if (array instanceof byte[] bytes) {
            out.write(BYTES);
            out.attach(bytes);
        } else if (array instanceof int[] ints) {
            room(INTS, ints.length, Integer.BYTES, out).asIntBuffer().put(ints);
        } else if (array instanceof long[] longs) {
            room(LONGS, longs.length, Long.BYTES, out).asLongBuffer().put(longs);
        } else if (array instanceof double[] doubles) {
            room(DOUBLES, doubles.length, Double.BYTES, out).asDoubleBuffer().put(doubles);
        } else if (array instanceof float[] floats) {
            room(FLOATS, floats.length, Float.BYTES, out).asFloatBuffer().put(floats);
        } else if (array instanceof char[] chars) {
            room(CHARS, chars.length, Character.BYTES, out).asCharBuffer().put(chars);
        } else if (array instanceof short[] shorts) {
            room(SHORTS, shorts.length, Short.BYTES, out).asShortBuffer().put(shorts);
        } else if (array instanceof boolean[] booleans) {
            ByteBuffer room = room(BOOLEANS, booleans.length, 1, out);
            for (boolean truth : booleans) {
                room.put((byte) (truth ? 1 : 0));
            }
        } else {
            throw new IllegalArgumentException(array.getClass().getTypeName());
        }
    }

    private static ByteBuffer room(byte tag, int length, int width, WireWriter out) {
        out.write(tag);
        long bytes = (long) length * width;
        if (bytes > Integer.MAX_VALUE) {
            throw new WireWriter.TooLargeException(bytes + " bytes");
        }
        return out.reserve((int) bytes);
    }

    static Object read(byte tag, WireReader in) throws IOException {
        byte[] content = in.readRest();
        ByteBuffer elements = ByteBuffer.wrap(content);
        return switch (tag) {
            case BYTES -> content;
            case INTS -> {
                int[] ints = new int[content.length / Integer.BYTES];
                elements.asIntBuffer().get(ints);
                yield ints;
            }
            case LONGS -> {
                long[] longs = new long[content.length / Long.BYTES];
                elements.asLongBuffer().get(longs);
                yield longs;
            }
            case DOUBLES -> {
                double[] doubles = new double[content.length / Double.BYTES];
                elements.asDoubleBuffer().get(doubles);
                yield doubles;
            }
            case FLOATS -> {
                float[] floats = new float[content.length / Float.BYTES];
                elements.asFloatBuffer().get(floats);
                yield floats;
            }
            case CHARS -> {
                char[] chars = new char[content.length / Character.BYTES];
                elements.asCharBuffer().get(chars);
                yield chars;
            }
            case SHORTS -> {
                short[] shorts = new short[content.length / Short.BYTES];
                elements.asShortBuffer().get(shorts);
                yield shorts;
            }
            case BOOLEANS -> {
                boolean[] booleans = new boolean[content.length];
                for (int i = 0; i < booleans.length; i++) {
                    booleans[i] = content[i] != 0;
                }
                yield booleans;
            }
            default -> throw new IOException("unknown tag " + tag);
        };
    }
}
