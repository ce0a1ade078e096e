package lox.sync.internal.process;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import lox.sync.spi.host.AbandonableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A blocking connection that an interrupt does not close. An interrupt closes a blocking {@link SocketChannel} whose
 * thread reads or writes, and the threads here run user code at times, which may interrupt them. So the channel
 * underneath is non-blocking, which an interrupt leaves alone, and a selector waits, which an interrupt only wakes.
 *
 * <p>One thread may read and another write at the same time. Reads fill what is there, at least a byte; writes write
 * everything.
 */
final class UninterruptibleChannel implements ByteChannel, AbandonableChannel {
    private static final long LOOK_MILLIS = 50;

    /** The more the system allows, the less often two processes take turns over a large value. */
    private static final int SEND_BUFFER = 1024 * 1024;

    private final SocketChannel channel;
    private final Selector readable;
    private @Nullable Selector writable; // made by the first write that has to wait
    private @Nullable BooleanSupplier giveUp; // the writer's
    private volatile boolean open = true;

    UninterruptibleChannel(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        readable = channel.provider().openSelector();
        boolean ready = false;
        try {
            channel.register(readable, SelectionKey.OP_READ);
            ready = true;
        } finally {
            if (!ready) {
                readable.close();
            }
        }
    }

    /** Waits for at least one byte. */
    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = channel.read(target);
        while (count == 0 && target.hasRemaining()) {
            await(readable, 0);
            count = channel.read(target);
        }
        return count;
    }

    @Override
    public void giveUpIf(BooleanSupplier condition) {
        giveUp = condition;
    }

    @Override
    public void neverGiveUp() {
        giveUp = null;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int length = source.remaining();
        channel.write(source);
        while (source.hasRemaining()) {
            Selector selector = writable;
            if (selector == null) {
                writable = selector = channel.provider().openSelector();
                channel.register(selector, SelectionKey.OP_WRITE);
            }
            if (giveUp != null && giveUp.getAsBoolean()) {
                throw new IOException("given up half-way");
            }
            await(selector, LOOK_MILLIS);
            channel.write(source);
        }
        return length;
    }

    private void await(Selector selector, long millis) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            selector.select(millis);
            selector.selectedKeys().clear();
        } catch (java.nio.channels.ClosedSelectorException closed) {
            throw new ClosedChannelException();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /**
     * Closes the connection; a waiting thread gets a {@link ClosedChannelException}. Call when no thread writes: its
     * selector is closed too.
     */
    @Override
    public void close() throws IOException {
        open = false;
        channel.close();
        readable.close();
        Selector selector = writable;
        if (selector != null) {
            selector.close();
        }
    }
}
