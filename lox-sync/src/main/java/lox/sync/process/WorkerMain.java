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
 * <p>Three threads: the first runs the tasks, one reads the {@linkplain Line connection}, one holds the
 * {@linkplain LifeLine life line}.
 */
public final class WorkerMain {
    private WorkerMain() {}

    /**
     * Runs tasks until the parent has no more.
     *
     * @param arguments none
     * @throws IOException if the parent cannot be reached
     */
    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in));
        System.setIn(
                InputStream.nullInputStream()); // a task that reads it is not to take the life line's end for its own
        Path socket = Path.of(in.readUTF());
        Path journal = Path.of(in.readUTF());
        byte[] token = new byte[Protocol.TOKEN_BYTES];
        in.readFully(token);
        daemon("lox-life-line", new LifeLine(in, socket));

        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        Line line = new Line(channel);
        Outbox outbox = new Outbox(line, journal);
        line.write(ByteBuffer.wrap(token));
        WorkerLoop loop = new WorkerLoop(line, outbox);
        daemon("lox-reader", loop::read);
        loop.run();
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
