package lox.sync.internal.process;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.host.AbandonableChannel;
import lox.sync.spi.host.WorkerLink;

/** The connection to a child JVM on this machine: its process, its socket, and the buffer that outlives it. */
final class LocalWorkerLink implements WorkerLink {
    private final WorkerProcess process;
    private final UninterruptibleChannel channel;
    private final CrashSafeBuffer buffer;
    private final RecoveringChannel input;
    private final ConnectionLog log;
    private final Runnable onClose;

    /**
     * Makes it of a process that has connected.
     *
     * @param onClose run at the end of {@link #close}
     */
    LocalWorkerLink(
            WorkerProcess process,
            UninterruptibleChannel channel,
            CrashSafeBuffer buffer,
            ConnectionLog log,
            Runnable onClose) {
        this.process = process;
        this.channel = channel;
        this.buffer = buffer;
        this.input = new RecoveringChannel(channel, buffer, process);
        this.log = log;
        this.onClose = onClose;
    }

    @Override
    public ReadableByteChannel input() {
        return input;
    }

    @Override
    public AbandonableChannel output() {
        return channel;
    }

    @Override
    public long started() throws IOException {
        return buffer.started();
    }

    @Override
    public boolean holdsUnfinishedLine() {
        return process.holdsUnfinishedLine();
    }

    @Override
    public void forwardAll() {
        process.forwardAll();
    }

    @Override
    public boolean isForwarding() {
        return process.isForwarding();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void awaitEnd() {
        process.awaitEnd();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public String describe() {
        return "process " + process.pid();
    }

    @Override
    public WorkerCrashedException crash(String what) {
        return process.crash(what);
    }

    @Override
    public void close() {
        try {
            log.closeAll(channel, buffer, process::close);
        } finally {
            onClose.run();
        }
    }
}
