package lox.sync.internal.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.function.BooleanSupplier;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.host.AbandonableChannel;
import lox.sync.spi.host.WorkerLink;
import lox.test.Patience;

/** A worker that has started so many tasks, takes in so many bytes, and does nothing. */
final class SilentLink implements WorkerLink, AbandonableChannel {
    private final long tripNanos;
    long started;
    long room = Long.MAX_VALUE;
    boolean forwarding;
    boolean killed;
    private BooleanSupplier giveUp = () -> false;

    SilentLink(long tripNanos) {
        this.tripNanos = tripNanos;
    }

    @Override
    public ReadableByteChannel input() {
        return Channels.newChannel(InputStream.nullInputStream());
    }

    @Override
    public AbandonableChannel output() {
        return this;
    }

    @Override
    public void giveUpIf(BooleanSupplier condition) {
        giveUp = condition;
    }

    @Override
    public void neverGiveUp() {
        giveUp = () -> false;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (source.remaining() > room) {
            Patience.until("the write is given up", giveUp);
            throw new IOException("given up");
        }
        int count = source.remaining();
        source.position(source.limit());
        room -= count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public long started() {
        return started;
    }

    @Override
    public long tripNanos() {
        return tripNanos;
    }

    @Override
    public boolean holdsUnfinishedLine() {
        return false;
    }

    @Override
    public void forwardAll() {}

    @Override
    public boolean isForwarding() {
        return forwarding;
    }

    @Override
    public void kill() {
        killed = true;
    }

    @Override
    public void awaitEnd() {}

    @Override
    public long pid() {
        return 1;
    }

    @Override
    public String describe() {
        return "process 1";
    }

    @Override
    public WorkerCrashedException crash(String what) {
        return new WorkerCrashedException(what, null);
    }

    @Override
    public void close() {}
}
