package lox.sync.process;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The place where the parent waits for one worker to connect. Whoever connects has to say the token first; who says anything else
 * is dropped and logged, and who says nothing keeps nobody waiting.
 */
final class Meeting implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long LOOK_MILLIS = 50;

    private final Path path;
    private final byte[] token = new byte[Protocol.TOKEN_BYTES];
    private final ServerSocketChannel server;
    private final Selector selector;

    Meeting(Path path) throws IOException {
        this.path = path;
        RANDOM.nextBytes(token);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        selector = Selector.open();
        server.bind(UnixDomainSocketAddress.of(path));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    byte[] token() {
        return token.clone();
    }

    /** Makes {@link #await} look about. */
    void wakeUp() {
        selector.wakeup();
    }

    /**
     * Waits for the worker.
     *
     * @param hopeless asked now and then
     * @return its connection, or null if it became hopeless, or late
     */
    @Nullable
    SocketChannel await(BooleanSupplier hopeless, long seconds) throws IOException {
        long begun = System.nanoTime();
        boolean interrupted = false;
        try {
            while (!hopeless.getAsBoolean() && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds)) {
                interrupted |= Thread.interrupted(); // else the selector would not wait
                selector.select(LOOK_MILLIS);
                for (SelectionKey key : selector.selectedKeys()) {
                    SocketChannel worker = key.isAcceptable() ? accept() : hear(key);
                    if (worker != null) {
                        return worker;
                    }
                }
                selector.selectedKeys().clear();
            }
            return null;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable SocketChannel accept() throws IOException {
        SocketChannel stranger = server.accept();
        if (stranger != null) {
            stranger.configureBlocking(false);
            stranger.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(Protocol.TOKEN_BYTES));
        }
        return null;
    }

    private @Nullable SocketChannel hear(SelectionKey key) throws IOException {
        SocketChannel stranger = (SocketChannel) key.channel();
        ByteBuffer said = (ByteBuffer) key.attachment();
        int count;
        try {
            count = stranger.read(said);
        } catch (IOException gone) {
            count = -1;
        }
        if (count >= 0 && said.hasRemaining()) {
            return null;
        }
        key.cancel();
        byte[] heard = new byte[said.position()];
        said.flip().get(heard);
        if (count >= 0 && MessageDigest.isEqual(heard, token)) {
            selector.selectNow(); // takes the key out: the channel goes to another selector
            return stranger;
        }
        if (count >= 0 || !WorkerDirectory.isAtEndOfJvm()) {
            System.getLogger(Meeting.class.getName())
                    .log(System.Logger.Level.WARNING, "a connection to {0} without the token was dropped", path);
        }
        stranger.close();
        return null;
    }

    /** Ends it, and whatever connections have said nothing so far. */
    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.channel() instanceof SocketChannel stranger) {
                stranger.close();
            }
        }
        selector.close();
        server.close();
        Files.deleteIfExists(path);
    }
}
