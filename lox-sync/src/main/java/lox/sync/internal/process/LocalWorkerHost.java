package lox.sync.internal.process;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerHosts;
import lox.sync.spi.host.WorkerLink;
import org.jspecify.annotations.Nullable;

/**
 * Starts child JVMs on this machine and waits for them to connect. The directory where they connect, and the command,
 * exist while they are needed: as long as a worker starts or lives. Safe for use from many threads.
 *
 * <p>A process starts first, and what it needs to connect is made while it boots.
 */
final class LocalWorkerHost implements WorkerHost {
    private static final int START_SECONDS = 60;

    private final WorkerHosts.Pool pool;
    private final ProgramOrigin origin;
    private final ConnectionLog log;
    private @Nullable WorkerDirectory directory; // this object's lock guards it, and what follows
    private @Nullable LaunchCommand command;
    private int users; // of the directory: workers alive, and such as are starting

    /** The command that starts a child, and the directory where it connects. */
    private record Plan(LaunchCommand command, Path directory) {}

    LocalWorkerHost(WorkerHosts.Pool pool, ProgramOrigin origin) {
        this.pool = pool;
        this.origin = origin;
        this.log = new ConnectionLog(pool.name());
    }

    /** Starts a child JVM; the start is not abandoned half-way, since it takes no longer than its limit. */
    @Override
    public WorkerLink start(int number, BooleanSupplier wanted, BooleanSupplier wantsNew) throws IOException {
        WorkerLink link = null;
        Plan plan = enter();
        try {
            link = connect(plan, number);
            return link;
        } finally {
            if (link == null) {
                leave();
            }
        }
    }

    private WorkerLink connect(Plan plan, int number) throws IOException {
        WorkerProcess process =
                WorkerProcess.start(plan.command, number, WorkerContext.nameOf(pool.name(), number), pool.output());
        Path socket = plan.directory.resolve("socket-" + number);
        Path file = plan.directory.resolve("buffer-" + number);
        Handshake handshake = null;
        CrashSafeBuffer buffer = null;
        SocketChannel channel = null;
        WorkerLink link = null;
        try {
            handshake = new Handshake(socket);
            buffer = new CrashSafeBuffer(file);
            channel = meet(process, handshake, socket, file);
            link = new LocalWorkerLink(process, new UninterruptibleChannel(channel), buffer, log, this::leave);
            return link;
        } finally {
            if (link == null) {
                try {
                    process.kill();
                    process.awaitEnd();
                } finally {
                    log.closeAll(process::close, channel, buffer);
                }
            }
            log.closeAll(handshake, () -> Files.deleteIfExists(file));
        }
    }

    private SocketChannel meet(WorkerProcess process, Handshake handshake, Path socket, Path buffer) {
        String what = "a worker process of \"" + pool.name() + "\" could not be started";
        try {
            process.whenGone(handshake::wakeUp);
            process.sendGreeting(socket.toString(), buffer.toString(), handshake.token());
            SocketChannel channel = handshake.await(() -> !process.isAlive(), START_SECONDS);
            if (channel != null) {
                return channel;
            }
        } catch (IOException e) {
            what += " (" + e.getMessage() + ")";
        }
        process.kill();
        process.awaitEnd();
        throw process.crash(what);
    }

    // ---- the directory ---------------------------------------------------------------------------------------------

    private synchronized Plan enter() throws IOException {
        WorkerDirectory place = directory;
        LaunchCommand how = command;
        if (place != null && how != null && !how.isThere()) { // deleted by a cleaner of temporary files
            place.close();
            place = null;
        }
        users++;
        if (place == null || how == null) {
            boolean ready = false;
            try {
                if (origin == ProgramOrigin.THIS_JVM) {
                    InheritedOptions.lookAhead(); // while the directory is made
                }
                place = WorkerDirectory.create();
                directory = place;
                how = LaunchCommand.of(origin, pool.launch().get(), place.path());
                command = how;
                ready = true;
            } finally {
                if (!ready) {
                    leave(); // the last user closes the directory
                }
            }
        }
        return new Plan(how, place.path());
    }

    /** Gives up the directory for one worker whose process has ended. */
    private synchronized void leave() {
        users--;
        if (users == 0 && directory != null) {
            directory.close();
            directory = null;
            command = null;
        }
    }
}
