package lox.sync.internal.process;

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
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the connection of one worker, on the parent's side. A process that connects has to send the token first. A
 * connection that sends anything else is dropped and logged; one that sends nothing does not delay the worker.
 */
final class Handshake implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long LOOK_MILLIS = 50;

    private final Path path;
    private final byte[] token = new byte[Protocol.TOKEN_BYTES];
    private final ServerSocketChannel server;
    private final Selector selector;
    private int hungUp; // connections that ended before they had sent a whole token, and sent nothing wrong

    Handshake(Path path) throws IOException {
        this.path = path;
        RANDOM.nextBytes(token);
        ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Selector looking = null;
        boolean ready = false;
        try {
            looking = Selector.open();
            opened.bind(UnixDomainSocketAddress.of(path));
            opened.configureBlocking(false);
            opened.register(looking, SelectionKey.OP_ACCEPT);
            ready = true;
        } finally {
            if (!ready) { // no descriptors left, say: those that there were go back
                closeAll(opened, looking);
            }
        }
        server = opened;
        selector = looking;
    }

    private static void closeAll(ServerSocketChannel server, @Nullable Selector selector) throws IOException {
        try {
            if (selector != null) {
                selector.close();
            }
        } finally {
            server.close();
        }
    }

    byte[] token() {
        return token.clone();
    }

    /** Makes {@link #await} ask its condition at once. */
    void wakeUp() {
        selector.wakeup();
    }

    /**
     * Waits for the worker.
     *
     * @param hopeless asked now and then; true ends the wait
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
                    SocketChannel worker = key.isAcceptable() ? accept() : readToken(key);
                    if (worker != null) {
                        reportStrangers(hungUp);
                        return worker;
                    }
                }
                selector.selectedKeys().clear();
            }
            reportStrangers(hopeless.getAsBoolean() ? hungUp - 1 : hungUp); // a worker that was killed hung up, too
            hungUp = 0;
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

    private @Nullable SocketChannel readToken(SelectionKey key) throws IOException {
        SocketChannel stranger = (SocketChannel) key.channel();
        ByteBuffer sent = (ByteBuffer) key.attachment();
        int count;
        try {
            count = stranger.read(sent);
        } catch (IOException gone) {
            count = -1;
        }
        if (count >= 0 && sent.hasRemaining()) {
            return null;
        }
        key.cancel();
        byte[] received = new byte[sent.position()];
        sent.flip().get(received);
        if (count >= 0 && MessageDigest.isEqual(received, token)) {
            selector.selectNow(); // takes the key out: the channel goes to another selector
            return stranger;
        }
        stranger.close();
        if (count < 0 && WorkerDirectory.isAtEndOfJvm()) {
            return null; // the workers are being ended
        }
        if (count < 0 && Arrays.equals(received, Arrays.copyOf(token, received.length))) {
            hungUp++; // a stranger, or the worker, killed before it came to say more: its end tells
        } else {
            reportStrangers(1);
        }
        return null;
    }

    private void reportStrangers(int many) {
        for (int i = 0; i < many; i++) {
            System.getLogger("lox.sync.process")
                    .log(System.Logger.Level.WARNING, "a connection to {0} without the token was dropped", path);
        }
    }

    /** Stops listening and closes the connections that have not sent the token. */
    @Override
    public void close() throws IOException {
        try {
            for (SelectionKey key : selector.keys()) {
                if (key.isValid() && key.channel() instanceof SocketChannel stranger) {
                    stranger.close();
                }
            }
        } finally {
            try {
                closeAll(server, selector);
            } finally {
                Files.deleteIfExists(path);
            }
        }
    }
}
