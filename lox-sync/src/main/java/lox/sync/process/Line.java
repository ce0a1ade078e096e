package lox.sync.process;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that an interrupt does not close. A blocking {@link SocketChannel} is closed by the interrupt of a thread that reads
 * or writes; the threads here run user code now and then, and anybody may interrupt those. So the channel is non-blocking, which the
 * interrupt leaves alone, and waiting is done with a selector, which it only wakes.
 *
 * <p>One thread may read and another write at the same time. Reads fill what is there, at least a byte; writes write everything.
 */
final class Line implements ByteChannel, Closeable {
    private static final long LOOK_MILLIS = 50;

    /** As much as the system lets it be: the larger, the fewer times two processes take turns over a large value. */
    private static final int SEND_BUFFER = 1024 * 1024;

    private final SocketChannel channel;
    private final Selector readable;
    private @Nullable Selector writable; // made by the first write that has to wait
    private @Nullable BooleanSupplier giveUp; // the writer's
    private volatile boolean open = true;

    Line(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        readable = channel.provider().openSelector();
        channel.register(readable, SelectionKey.OP_READ);
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

    /** While it has to wait, asks whether to go on: if not, the write ends half-way, with an exception. */
    void giveUpIf(BooleanSupplier condition) {
        giveUp = condition;
    }

    void neverGiveUp() {
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

    /** Whoever waits gets a {@link ClosedChannelException}. The writer's selector is the writer's to have closed: call this when there is none. */
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
