package lox.sync.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a worker sends. Each part is given out after the lines that the worker had printed before it were
 * forwarded. When the connection has ended and the process too, the bytes follow that the worker had not sent, from its
 * {@link CrashSafeBuffer}. One thread may read.
 */
final class RecoveringChannel implements ReadableByteChannel {
    private final UninterruptibleChannel channel;
    private final CrashSafeBuffer buffer;
    private final WorkerProcess process;
    private long received;
    private @Nullable ByteBuffer rest;

    RecoveringChannel(UninterruptibleChannel channel, CrashSafeBuffer buffer, WorkerProcess process) {
        this.channel = channel;
        this.buffer = buffer;
        this.process = process;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (rest == null) {
            int count = readLine(target);
            if (count > 0) {
                received += count;
                process.forwardLines(); // which were written before what has come here
                return count;
            }
            process.awaitEnd();
            rest = buffer.unsent(received);
        }
        if (!rest.hasRemaining()) {
            return -1;
        }
        int count = Math.min(rest.remaining(), target.remaining());
        target.put(rest.slice(rest.position(), count));
        rest.position(rest.position() + count);
        return count;
    }

    private int readLine(ByteBuffer target) {
        try {
            return channel.read(target);
        } catch (IOException reset) { // by the death of the other side
            return -1;
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {}
}
