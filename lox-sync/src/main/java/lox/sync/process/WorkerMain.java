package lox.sync.process;

import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * What runs in a worker process. Not for users: it is public because {@code java} starts it.
 *
 * <p>Three threads: the first runs the tasks, one reads the {@linkplain Line connection}, one waits for the end of standard input.
 */
public final class WorkerMain {
    private static final int PARENT_GONE = 86;

    private WorkerMain() {}

    /**
     * Runs tasks until the parent has no more.
     *
     * @param arguments none
     * @throws IOException if the parent cannot be reached
     */
    public static void main(String[] arguments) throws IOException {
        InputStream lifeLine = new FileInputStream(FileDescriptor.in);
        System.setIn(
                InputStream.nullInputStream()); // a task that reads it is not to take the life line's end for its own
        daemon("lox-head-start", new HeadStart());
        DataInputStream greeting = new DataInputStream(lifeLine);
        Path socket = Path.of(greeting.readUTF());
        Path journal = Path.of(greeting.readUTF());
        byte[] token = new byte[Protocol.TOKEN_BYTES];
        greeting.readFully(token);

        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        Line line = new Line(channel);
        Outbox outbox = new Outbox(line, journal);
        line.write(ByteBuffer.wrap(token));
        daemon("lox-life-line", () -> awaitEnd(lifeLine, socket));
        WorkerLoop loop = new WorkerLoop(line, outbox);
        daemon("lox-reader", loop::read);
        loop.run();
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Nobody is left to work for: ends at once, with all processes that tasks have started, and with the directory of its socket,
     * which a parent that was killed could not delete.
     */
    private static void awaitEnd(InputStream lifeLine, Path socket) {
        try {
            int heard = 0;
            while (heard >= 0) {
                heard = lifeLine.read();
            }
        } catch (IOException alsoTheEnd) {
            leave(socket);
        }
        leave(socket);
    }

    private static void leave(Path socket) {
        Path directory = socket.getParent();
        try {
            if (directory != null) {
                WorkerDirectory.delete(directory);
                WorkerDirectory.endOfJvm(); // of the pools that its tasks have made
            }
        } finally {
            halt();
        }
    }

    static void halt() {
        try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        } finally {
            Runtime.getRuntime().halt(PARENT_GONE);
        }
    }
}
