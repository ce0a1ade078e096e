package lox.cluster.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import lox.sync.internal.process.LocalWorkers;
import lox.sync.internal.time.OwnThreads;
import lox.sync.internal.time.Timer;
import lox.sync.process.WorkerCrashedException;
import lox.sync.spi.host.WorkerHosts;
import lox.sync.spi.host.WorkerLink;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a member, and the program that it works for: starts the process, and carries bytes between both until one
 * of them ends. Nothing of what they say is understood here.
 */
final class ServedWorker implements Runnable {
    private static final System.Logger LOG = System.getLogger("lox.cluster");
    private static final int CONNECT_SECONDS = 20;
    private static final int FAREWELL_MILLIS = 10_000;
    private static final long ALIVE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Which worker of which program. */
    record Key(Address program, int id) {}

    private final Key key;
    private final ControlMessage.Open request;
    private final Tickets<ServedWorker> tickets;
    private final ControlChannel channel;
    private final Consumer<ServedWorker> onEnd;
    private final CompletableFuture<Served> connected = new CompletableFuture<>();
    private final EarlyLines early = new EarlyLines();
    private volatile @Nullable WorkerLink link;
    private volatile boolean isKilled;

    /** The program's connection. */
    private record Served(DataConnection connection, FrameWriter writer) {}

    /**
     * Makes one, not started.
     *
     * @param channel to its program
     * @param onEnd run when it has ended, and its slot is free
     */
    ServedWorker(
            Key key,
            ControlMessage.Open request,
            Tickets<ServedWorker> tickets,
            ControlChannel channel,
            Consumer<ServedWorker> onEnd) {
        this.key = key;
        this.request = request;
        this.tickets = tickets;
        this.channel = channel;
        this.onEnd = onEnd;
    }

    Key key() {
        return key;
    }

    void start() {
        OwnThreads.make(request.pool() + "-served-" + key.id(), this).start();
    }

    /** Ends the process at once, or its start as soon as it can. */
    void kill() {
        isKilled = true;
        connected.cancel(false); // its program will not come
        WorkerLink started = link;
        if (started != null) {
            started.kill();
        }
    }

    /** Ends the process at once, and has its program take it for lost: it did not end by itself. */
    void abandon() {
        if (connected.isDone() && !connected.isCompletedExceptionally()) {
            try {
                connected.join().connection().close();
            } catch (IOException unclosable) {
                LOG.log(System.Logger.Level.DEBUG, "a data connection could not be closed", unclosable);
            }
        }
        kill();
    }

    /** Takes the connection of its program. False if it is too late. */
    boolean connected(DataConnection connection) {
        return connected.complete(new Served(connection, new FrameWriter(connection)));
    }

    // ---- its thread ------------------------------------------------------------------------------------------------

    @Override
    public void run() {
        try {
            WorkerLink started = open();
            if (started != null) {
                try {
                    serve(started);
                } finally {
                    end(started);
                }
            }
        } catch (IOException gone) { // so is the program
            LOG.log(System.Logger.Level.DEBUG, "the connection of a worker of " + request.pool() + " has ended", gone);
        } finally {
            connected.cancel(false);
            onEnd.accept(this);
        }
    }

    private static void end(@Nullable WorkerLink started) {
        if (started != null) {
            started.kill();
            started.awaitEnd();
            started.close();
        }
    }

    private @Nullable WorkerLink open() {
        try {
            WorkerHosts.Pool pool =
                    new WorkerHosts.Pool(request.pool(), request::launch, null, pid -> this::forwardLine);
            WorkerLink started = LocalWorkers.of(pool).start(request.number(), () -> !isKilled, () -> true);
            link = started;
            if (started == null || isKilled) {
                refuse(WorkerEnding.ofNone("it was given up"));
                end(started);
                return null;
            }
            return started;
        } catch (WorkerCrashedException crashed) {
            refuse(WorkerEnding.of(crashed, 0));
        } catch (IOException | RuntimeException | Error failed) { // no threads, no memory, no directory
            LOG.log(System.Logger.Level.WARNING, "a worker of " + request.pool() + " could not be started", failed);
            refuse(WorkerEnding.ofNone(String.valueOf(failed)));
        }
        return null;
    }

    private void refuse(WorkerEnding ending) {
        channel.send(key.program(), new ControlMessage.Refused(key.id(), false, ending));
    }

    private void serve(WorkerLink started) throws IOException {
        byte[] ticket = tickets.issue(this);
        channel.send(key.program(), new ControlMessage.Opened(key.id(), started.pid(), ticket));
        Served served = awaitConnection();
        tickets.revoke(ticket);
        if (served == null) {
            return;
        }
        try (DataConnection connection = served.connection()) {
            early.passOn(served.writer());
            Thread incoming = OwnThreads.make(request.pool() + "-incoming-" + key.id(), () -> carryIn(served, started));
            incoming.start();
            tellAlive(served.writer());
            tellStarted(started, served.writer(), 0);
            carryOut(started, served.writer());
            started.awaitEnd();
            long tasks = started.started();
            served.writer().end(WorkerEnding.of(started.crash(""), tasks));
            // its program closes the connection: closed here, what it has sent and nobody has read would cost the end
            connection.limitReads(FAREWELL_MILLIS);
            awaitEnd(incoming);
        }
    }

    private @Nullable Served awaitConnection() {
        try {
            return connected.get(CONNECT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException | CancellationException late) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the program of a worker of {0} has not come for it: {1}",
                    request.pool(),
                    late);
            return null;
        }
    }

    private static void carryOut(WorkerLink from, FrameWriter to) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(DataConnection.PIECE);
        while (from.input().read(piece.clear()) >= 0) {
            to.bytes(piece.flip());
        }
    }

    /** On a thread of its own. When the program's bytes end, so does the worker. */
    private void carryIn(Served served, WorkerLink to) {
        ProgramInput from = new ProgramInput(served.connection(), () -> answerPing(served.writer()));
        byte[] piece = new byte[DataConnection.PIECE];
        boolean isOpen = true;
        try {
            for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
                isOpen = isOpen && write(to, ByteBuffer.wrap(piece, 0, count));
            }
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "the program of a worker of " + request.pool() + " has gone", gone);
        } finally {
            to.kill();
        }
    }

    /**
     * Elsewhere: an answer waits when much is on its way to the program, which may only read on when more of what it
     * sends is taken in.
     */
    private static void answerPing(FrameWriter to) {
        Timer.elsewhere(() -> {
            try {
                to.pong();
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "a ping has nobody to be answered to", gone);
            }
        });
    }

    /** False if the worker has gone: what comes for it then is read and thrown away. */
    private static boolean write(WorkerLink to, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                to.output().write(bytes);
            }
            return true;
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "a worker takes no more", gone);
            return false;
        }
    }

    /**
     * Tells the program every second that it is heard, until the connection is closed. Members may see each other while
     * a program and one of them do not, and then nothing else would say so.
     */
    private static void tellAlive(FrameWriter to) {
        Timer.laterElsewhere(
                () -> {
                    try {
                        to.alive();
                        tellAlive(to);
                    } catch (IOException over) {
                        LOG.log(System.Logger.Level.DEBUG, "a worker has ended", over);
                    }
                },
                ALIVE_NANOS);
    }

    /**
     * Tells the program how many tasks have been started, now and then, if it has to know for a limit of their time.
     */
    private void tellStarted(WorkerLink started, FrameWriter to, long known) {
        if (request.lookNanos() > 0) {
            Timer.laterElsewhere(
                    () -> {
                        try {
                            long tasks = started.started();
                            if (tasks != known) {
                                to.started(tasks);
                            }
                            tellStarted(started, to, tasks);
                        } catch (IOException over) {
                            LOG.log(System.Logger.Level.DEBUG, "a worker has ended", over);
                        }
                    },
                    request.lookNanos());
        }
    }

    private void forwardLine(boolean isError, byte[] line, boolean isEnded) {
        if (early.keep(isError, line, isEnded)) {
            return;
        }
        try {
            FrameWriter writer =
                    connected.get(CONNECT_SECONDS, TimeUnit.SECONDS).writer();
            early.passOn(writer);
            writer.line(isError, line, isEnded);
        } catch (IOException
                | InterruptedException
                | ExecutionException
                | TimeoutException
                | CancellationException gone) {
            LOG.log(System.Logger.Level.DEBUG, "a line of a worker has nobody to go to", gone);
        }
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join(FAREWELL_MILLIS);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }
}
