package lox.sync.internal.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects outgoing bytes in memory, so that a value that turns out not to be serialisable can be taken back before a
 * byte of it has left. Big-endian. Not safe for use from many threads.
 *
 * <p>Small writes are copied into one growing array. A large array is kept by reference, to be copied once, when it
 * leaves:
 *
 * <pre>
 *   bytes        [..........|..................|....]        count
 *   attachments             ^ byte[1 MiB]      ^ byte[64 KiB]
 * </pre>
 */
final class WireWriter extends OutputStream {
    /** From this length on an array is worth an attachment. */
    static final int LARGE = 8 * 1024;

    /** How much is written to the channel at once: fits the second-level cache. */
    private static final int PIECE = 128 * 1024;

    /** More memory than this is not kept for later. */
    private static final int KEPT = 1024 * 1024;

    private static final int LONGEST = Integer.MAX_VALUE - 8;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final class Attachment {
        final int at;
        final byte[] array;

        Attachment(int at, byte[] array) {
            this.at = at;
            this.array = array;
        }
    }

    private final byte[] first = new byte[1024];
    private byte[] bytes = first;
    private int count;
    private final List<Attachment> attachments = new ArrayList<>();
    private long attached;
    private @Nullable ByteBuffer direct;

    // ---- writing ---------------------------------------------------------------------------------------------------

    @Override
    public void write(int value) {
        ensure(1);
        bytes[count++] = (byte) value;
    }

    @Override
    public void write(byte[] array) {
        write(array, 0, array.length);
    }

    @Override
    public void write(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        ensure(length);
        System.arraycopy(array, offset, bytes, count, length);
        count += length;
    }

    /** Writes an array that must not change before this writer is drained: a large one is not copied until then. */
    void attach(byte[] array) {
        if (array.length < LARGE) {
            write(array, 0, array.length);
        } else {
            attachments.add(new Attachment(count, array));
            attached += array.length;
        }
    }

    void writeInt(int value) {
        ensure(Integer.BYTES);
        INT.set(bytes, count, value);
        count += Integer.BYTES;
    }

    void writeLong(long value) {
        ensure(Long.BYTES);
        LONG.set(bytes, count, value);
        count += Long.BYTES;
    }

    /** Room for so many bytes, to be filled by the caller through the buffer it gets. */
    ByteBuffer reserve(int length) {
        ensure(length);
        ByteBuffer room = ByteBuffer.wrap(bytes, count, length);
        count += length;
        return room;
    }

    /** Room for a number that is not known yet. */
    int reserveInt() {
        int at = count;
        writeInt(0);
        return at;
    }

    void patchInt(int at, int value) {
        INT.set(bytes, Objects.checkFromIndexSize(at, Integer.BYTES, count), value);
    }

    private void ensure(int more) {
        if (bytes.length - count < more) {
            if (LONGEST - count < more) {
                throw new TooLargeException("more than " + LONGEST + " bytes");
            }
            int wanted = (int) Math.min(LONGEST, Math.max(2L * bytes.length, (long) count + more));
            bytes = Arrays.copyOf(bytes, wanted);
        }
    }

    // ---- taking back -----------------------------------------------------------------------------------------------

    /** This place, to come back to. */
    long mark() {
        return (long) attachments.size() << Integer.SIZE | count;
    }

    /** Forgets what was written since. */
    void rewind(long mark) {
        count = (int) mark;
        for (int last = attachments.size() - 1; last >= (int) (mark >>> Integer.SIZE); last--) {
            attached -= attachments.remove(last).array.length;
        }
        shrink();
    }

    /** How many bytes have been written since. */
    long sizeSince(long mark) {
        long size = (long) count - (int) mark;
        for (int i = (int) (mark >>> Integer.SIZE); i < attachments.size(); i++) {
            size += attachments.get(i).array.length;
        }
        return size;
    }

    long size() {
        return count + attached;
    }

    /** How many of these bytes lie in memory of its own. */
    int copied() {
        return count;
    }

    boolean isEmpty() {
        return count == 0 && attachments.isEmpty();
    }

    void clear() {
        rewind(0);
    }

    private void shrink() {
        if (bytes.length > KEPT && count <= first.length) { // without new memory: there may be none
            System.arraycopy(bytes, 0, first, 0, count);
            bytes = first;
        }
    }

    // ---- leaving ---------------------------------------------------------------------------------------------------

    /** Writes all of it to a blocking channel. The writer is empty afterwards, whether or not that failed. */
    void drainTo(WritableByteChannel channel) throws IOException {
        ByteBuffer buffer = direct;
        if (buffer == null) {
            direct = buffer = ByteBuffer.allocateDirect(PIECE);
        }
        try {
            buffer.clear();
            int from = 0;
            for (int i = 0; i < attachments.size(); i++) {
                Attachment attachment = attachments.get(i);
                copy(bytes, from, attachment.at - from, buffer, channel);
                copy(attachment.array, 0, attachment.array.length, buffer, channel);
                from = attachment.at;
            }
            copy(bytes, from, count - from, buffer, channel);
            flush(buffer, channel);
        } finally {
            clear();
        }
    }

    private static void copy(byte[] array, int from, int length, ByteBuffer buffer, WritableByteChannel channel)
            throws IOException {
        int offset = from;
        int left = length;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                flush(buffer, channel);
            }
            int part = Math.min(left, buffer.remaining());
            buffer.put(array, offset, part);
            offset += part;
            left -= part;
        }
    }

    private static void flush(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Moves all of it into a buffer that has room for it, and is empty afterwards. */
    void drainTo(ByteBuffer target) {
        copyTo(target);
        clear();
    }

    /** A copy of all of it. */
    byte[] toByteArray() {
        if (size() > LONGEST) {
            throw new TooLargeException(size() + " bytes do not fit an array");
        }
        ByteBuffer whole = ByteBuffer.allocate((int) size());
        copyTo(whole);
        return whole.array();
    }

    private void copyTo(ByteBuffer target) {
        int from = 0;
        for (int i = 0; i < attachments.size(); i++) {
            Attachment attachment = attachments.get(i);
            target.put(bytes, from, attachment.at - from).put(attachment.array);
            from = attachment.at;
        }
        target.put(bytes, from, count - from);
    }

    /** What was to be sent has no end in sight. */
    static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException(String message) {
            super(message);
        }
    }
}
