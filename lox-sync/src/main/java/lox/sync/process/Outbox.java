package lox.sync.process;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The worker's side of the {@link Journal}: collects messages and sends them together.
 *
 * <p>One lock for all that send: the thread that runs tasks, the one that reads, and any of the user's that needs a class. It is
 * free as a rule, and a task takes it once, which costs some twenty nanoseconds.
 */
final class Outbox {
    private final Line line;
    private final MappedByteBuffer journal;
    private final ByteBuffer content;
    private long sent;

    Outbox(Line line, Path path) throws IOException {
        this.line = line;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            journal = file.map(FileChannel.MapMode.READ_WRITE, 0, Journal.SIZE);
        }
        content = journal.slice(Journal.CONTENT, Journal.SIZE - Journal.CONTENT);
    }

    /** Takes note that a task begins. By the thread that runs tasks. */
    void started(long tasks) {
        journal.putLong(Journal.STARTED, tasks);
    }

    /** Takes over a message, to be sent with the next {@link #flush} at the latest. */
    synchronized void add(Sink message) throws IOException {
        if (message.size() > content.remaining()) {
            flush();
            if (message.size() > content.capacity()) {
                sent += message.size();
                message.drainTo(line);
                journal.putLong(Journal.SENT, sent);
                return;
            }
        }
        message.drainTo(content);
        VarHandle.releaseFence();
        journal.putLong(Journal.LENGTH, content.position());
    }

    /** Sends what is there. */
    synchronized void flush() throws IOException {
        if (content.position() > 0) {
            content.flip();
            sent += content.remaining();
            line.write(content);
            content.clear();
            journal.putLong(Journal.LENGTH, 0);
            VarHandle.releaseFence();
            journal.putLong(Journal.SENT, sent);
        }
    }
}
