package lox.sync.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a worker sends, and when its connection has ended and it is gone, what it had not sent: that lies in its {@link Journal}. One
 * thread may read.
 */
final class LastingChannel implements ReadableByteChannel {
    private final Line line;
    private final Journal journal;
    private final WorkerProcess process;
    private final BooleanSupplier open;
    private long received;
    private @Nullable ByteBuffer rest;

    LastingChannel(Line line, Journal journal, WorkerProcess process, BooleanSupplier open) {
        this.line = line;
        this.journal = journal;
        this.process = process;
        this.open = open;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (rest == null) {
            int count = readLine(target);
            if (count > 0) {
                received += count;
                return count;
            }
            process.awaitEnd();
            rest = journal.unsent(received);
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
            return line.read(target);
        } catch (IOException reset) { // by the death of the other side
            return -1;
        }
    }

    @Override
    public boolean isOpen() {
        return open.getAsBoolean();
    }

    @Override
    public void close() {}
}
