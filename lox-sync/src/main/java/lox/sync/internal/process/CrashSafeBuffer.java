package lox.sync.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The parent's side of a small file that a worker maps into its memory and uses as the buffer of its outgoing messages.
 * The content outlives the worker, however it dies. So the parent gets the results of all tasks that had ended, and
 * learns which one was running.
 *
 * <pre>
 *    0  long sent      bytes of the stream that were sent before the content of this buffer
 *    8  long length    bytes of content
 *   16  long started   tasks started since the worker began
 *   64  content        whole messages
 * </pre>
 *
 * The worker writes in an order that is right at every instant: content before its length; the length is zero before
 * {@code sent} grows. What was in the buffer and got through in part is told by the count of bytes that the parent has
 * received.
 */
final class CrashSafeBuffer implements AutoCloseable {
    static final int SENT = 0;
    static final int LENGTH = 8;
    static final int STARTED = 16;
    static final int CONTENT = 64;
    static final int SIZE = 64 * 1024;

    private final FileChannel file;

    /** Makes the file. It may be deleted once the worker has opened it. */
    CrashSafeBuffer(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean ready = false;
        try {
            ByteBuffer zeros = ByteBuffer.allocate(SIZE); // written, or the worker may die of a full disk in mid-air
            while (zeros.hasRemaining()) {
                file.write(zeros);
            }
            ready = true;
        } finally {
            if (!ready) {
                file.close();
            }
        }
    }

    /** How many tasks the worker has started. */
    long started() throws IOException {
        return read(STARTED, Long.BYTES).getLong(0);
    }

    /** The bytes that a dead worker had ready and did not send. */
    ByteBuffer unsent(long received) throws IOException {
        ByteBuffer header = read(0, CONTENT);
        long skip = received - header.getLong(SENT);
        long length = header.getLong(LENGTH);
        if (skip < 0 || skip >= length) {
            return ByteBuffer.allocate(0);
        }
        return read(CONTENT + (int) skip, (int) (length - skip));
    }

    private ByteBuffer read(int from, int length) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(length);
        int count = 0;
        while (part.hasRemaining() && count >= 0) {
            count = file.read(part, from + part.position());
        }
        return part.flip().limit(length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
