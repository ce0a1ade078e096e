package lox.sync.internal.process;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link WireWriter} wrote, from a blocking channel or from memory. Big-endian. Not safe for use from many
 * threads.
 *
 * <p>While there is a limit, the reader ends there: code that decodes a value cannot read beyond it, and what that code
 * leaves can be skipped, so that the next value is found whatever happened to this one.
 */
final class WireReader extends InputStream {
    private static final int PIECE = 128 * 1024;

    /** After this many bytes, complete values are passed on before more are awaited. */
    private static final int MUCH = 64 * 1024;

    private final @Nullable ReadableByteChannel channel;
    private final ByteBuffer buffer;

    /** How much may still be read, buffered or not. */
    private long left = Long.MAX_VALUE;

    private long received; // from the channel
    private long receivedAtLastPause;

    WireReader(ReadableByteChannel channel) {
        this.channel = channel;
        this.buffer = ByteBuffer.allocateDirect(PIECE).limit(0);
    }

    WireReader(byte[] content) {
        this.channel = null;
        this.buffer = ByteBuffer.wrap(content);
    }

    // ---- limits ----------------------------------------------------------------------------------------------------

    /** Lets at most so many bytes be read from here. Returns what {@link #unlimit} needs. */
    long limit(long bytes) throws IOException {
        if (bytes < 0 || bytes > left) {
            throw new IOException("a part of " + bytes + " bytes where at most " + left + " can be");
        }
        long beyond = left == Long.MAX_VALUE ? Long.MAX_VALUE : left - bytes;
        left = bytes;
        return beyond;
    }

    /** Skips what is left before the limit, and lifts it. */
    void unlimit(long beyond) throws IOException {
        while (left > 0) {
            fill();
            int part = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + part);
            taken(part);
        }
        left = beyond;
    }

    /** How many bytes are left before the limit. */
    long left() {
        return left;
    }

    private void taken(int bytes) {
        if (left != Long.MAX_VALUE) {
            left -= bytes;
        }
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    @Override
    public int read() throws IOException {
        if (left == 0 || !more()) {
            return -1;
        }
        taken(1);
        return buffer.get() & 0xff;
    }

    @Override
    public int read(byte[] array, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, array.length);
        if (length == 0) {
            return 0;
        }
        if (left == 0 || !more()) {
            return -1;
        }
        int part = (int) Math.min(Math.min(length, left), buffer.remaining());
        buffer.get(array, offset, part);
        taken(part);
        return part;
    }

    @Override
    public int available() {
        return (int) Math.min(left, buffer.remaining());
    }

    /**
     * Whether this is the time, after a value, to pass on what has been read since the last such time: because nothing
     * is left that could be read without waiting, or because much has come, and the beginning of a large value may be
     * all that is left.
     */
    boolean isTimeToTell() {
        if (buffer.hasRemaining() && received - receivedAtLastPause < MUCH) {
            return false;
        }
        receivedAtLastPause = received;
        return true;
    }

    /** How many bytes have come through the channel. */
    long received() {
        return received;
    }

    void readFully(byte[] array, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, array.length);
        int done = 0;
        while (done < length) {
            int part = read(array, offset + done, length - done);
            if (part < 0) {
                throw new EOFException();
            }
            done += part;
        }
    }

    byte[] readArray(int length) throws IOException {
        checkRoom(length);
        byte[] array = new byte[length];
        readFully(array, 0, length);
        return array;
    }

    /** All up to the limit. */
    byte[] readRest() throws IOException {
        if (left > Integer.MAX_VALUE - 8) {
            throw new IOException("a value of " + left + " bytes");
        }
        return readArray((int) left);
    }

    byte readByte() throws IOException {
        int value = read();
        if (value < 0) {
            throw new EOFException();
        }
        return (byte) value;
    }

    int readInt() throws IOException {
        if (buffer.remaining() >= Integer.BYTES && left >= Integer.BYTES) {
            taken(Integer.BYTES);
            return buffer.getInt();
        }
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << Byte.SIZE | (readByte() & 0xff);
        }
        return value;
    }

    long readLong() throws IOException {
        if (buffer.remaining() >= Long.BYTES && left >= Long.BYTES) {
            taken(Long.BYTES);
            return buffer.getLong();
        }
        return (long) readInt() << Integer.SIZE | (readInt() & 0xffff_ffffL);
    }

    /** Refuses a length that cannot be true before memory is taken for it. */
    void checkRoom(long bytes) throws IOException {
        if (bytes < 0 || bytes > left) {
            throw new IOException("a length of " + bytes + " bytes where " + left + " are left");
        }
    }

    private boolean more() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        if (channel == null) {
            return false;
        }
        buffer.clear();
        try {
            while (buffer.position() == 0) {
                if (channel.read(buffer) < 0) {
                    return false;
                }
            }
        } finally {
            received += buffer.position();
            buffer.flip();
        }
        return true;
    }

    private void fill() throws IOException {
        if (!more()) {
            throw new EOFException();
        }
    }
}
