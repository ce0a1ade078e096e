package lox.sync.internal.process;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The worker's side of the {@link CrashSafeBuffer}: collects messages and sends them together.
 *
 * <p>One lock for all that send: the thread that runs tasks, the one that reads, and any of the user's that needs a
 * class. It is free as a rule, and a task takes it once, which costs some twenty nanoseconds.
 */
final class CrashSafeOutput {
    private final UninterruptibleChannel channel;
    private final MappedByteBuffer buffer;
    private final ByteBuffer content;
    private long sent;

    CrashSafeOutput(UninterruptibleChannel channel, Path path) throws IOException {
        this.channel = channel;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            buffer = file.map(FileChannel.MapMode.READ_WRITE, 0, CrashSafeBuffer.SIZE);
        }
        content = buffer.slice(CrashSafeBuffer.CONTENT, CrashSafeBuffer.SIZE - CrashSafeBuffer.CONTENT);
    }

    /** Notes that a task begins. By the thread that runs tasks. */
    void started(long tasks) {
        buffer.putLong(CrashSafeBuffer.STARTED, tasks);
    }

    /** Takes over a message, to be sent with the next {@link #flush} at the latest. */
    synchronized void add(WireWriter message) throws IOException {
        if (message.size() > content.remaining()) {
            flush();
            if (message.size() > content.capacity()) {
                sent += message.size();
                message.drainTo(channel);
                buffer.putLong(CrashSafeBuffer.SENT, sent);
                return;
            }
        }
        message.drainTo(content);
        VarHandle.releaseFence();
        buffer.putLong(CrashSafeBuffer.LENGTH, content.position());
    }

    /** Sends the messages collected so far. */
    synchronized void flush() throws IOException {
        if (content.position() > 0) {
            content.flip();
            sent += content.remaining();
            channel.write(content);
            content.clear();
            buffer.putLong(CrashSafeBuffer.LENGTH, 0);
            VarHandle.releaseFence();
            buffer.putLong(CrashSafeBuffer.SENT, sent);
        }
    }
}
