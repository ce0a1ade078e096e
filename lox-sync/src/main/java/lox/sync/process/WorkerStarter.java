package lox.sync.process;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts worker processes and meets them. The directory where that happens, and the command, are there while they are needed: as long
 * as a worker starts or lives. Safe for use from many threads.
 *
 * <p>A process starts first, and what it needs to connect is made while it boots.
 */
final class WorkerStarter {
    private static final int START_SECONDS = 60;

    private final WorkerPool pool;
    private final WorkerOptions options;
    private @Nullable WorkerDirectory directory; // this object's lock guards it, and what follows
    private @Nullable LaunchCommand command;
    private int users; // of the directory: workers alive, and such as are starting
    private int started;

    /** A child to start: what it is called, and where to meet it. */
    private record Plan(LaunchCommand command, int number, Path directory) {}

    WorkerStarter(WorkerPool pool, WorkerOptions options) {
        this.pool = pool;
        this.options = options;
    }

    /**
     * Starts a worker and waits until it is ready.
     *
     * @param wanted asked while it waits
     * @return the worker, whose end has to be told to {@link #leave}; null if it was no longer wanted
     * @throws WorkerCrashedException if it cannot be started
     */
    @Nullable
    Worker start(BooleanSupplier wanted) {
        Worker worker = null;
        try {
            Plan plan = enter();
            try {
                worker = connect(plan);
            } finally {
                if (worker == null) {
                    leave();
                }
            }
        } catch (IOException e) {
            throw new WorkerCrashedException(
                    "no worker process of \"" + pool.name() + "\" could be started: " + e.getMessage(), e);
        }
        return prepare(worker, wanted);
    }

    private Worker connect(Plan plan) throws IOException {
        String name = pool.name() + "-worker-" + plan.number;
        WorkerProcess process = WorkerProcess.start(plan.command, name, options.output());
        Path socket = plan.directory.resolve("socket-" + plan.number);
        Path file = plan.directory.resolve("journal-" + plan.number);
        Meeting meeting = null;
        Journal journal = null;
        Worker worker = null;
        try {
            meeting = new Meeting(socket);
            journal = new Journal(file);
            SocketChannel channel = meet(process, meeting, socket, file);
            worker = new Worker(pool, plan.number, process, new Line(channel), journal);
            return worker;
        } finally {
            if (worker == null) {
                process.kill();
                process.awaitEnd();
                process.close();
            }
            close(meeting, journal, worker != null);
            Files.deleteIfExists(file);
        }
    }

    private static void close(@Nullable Meeting meeting, @Nullable Journal journal, boolean met) throws IOException {
        if (meeting != null) {
            meeting.close();
        }
        if (journal != null && !met) {
            journal.close();
        }
    }

    private SocketChannel meet(WorkerProcess process, Meeting meeting, Path socket, Path journal) {
        String what = "a worker process of \"" + pool.name() + "\" could not be started";
        try {
            process.whenGone(meeting::wakeUp);
            process.greet(socket.toString(), journal.toString(), meeting.token());
            SocketChannel channel = meeting.await(() -> !process.isAlive(), START_SECONDS);
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

    private @Nullable Worker prepare(Worker worker, BooleanSupplier wanted) {
        try {
            worker.begin(options.codec() instanceof JavaSerialization ? null : options.codec(), options.initializer());
        } catch (Throwable unserialisable) {
            worker.kill();
            throw unserialisable;
        }
        if (worker.awaitReady(wanted)) {
            return worker;
        }
        Throwable refusal = worker.refusal();
        if (refusal != null) {
            worker.retire();
            throw new WorkerCrashedException("the initializer of \"" + pool.name() + "\" failed: " + refusal, refusal);
        }
        if (worker.isGone()) { // and its process has ended
            throw worker.crash("a worker process of \"" + pool.name() + "\" ended before it was ready");
        }
        worker.kill(); // it may be stuck in its initializer for ever
        return null;
    }

    // ---- the directory ---------------------------------------------------------------------------------------------

    private synchronized Plan enter() throws IOException {
        WorkerDirectory place = directory;
        LaunchCommand how = command;
        if (place == null || how == null) {
            InheritedOptions.lookAhead(); // while the directory is made
            place = WorkerDirectory.create();
            directory = place; // closed with its last user, even if there is none because what follows fails
            users++;
            try {
                how = LaunchCommand.of(options.launch(), place.path());
                command = how;
            } catch (Throwable unwritable) {
                leave();
                throw unwritable;
            }
            return new Plan(how, ++started, place.path());
        }
        users++;
        return new Plan(how, ++started, place.path());
    }

    /** A worker has left, and its process has ended. */
    synchronized void leave() {
        users--;
        if (users == 0 && directory != null) {
            directory.close();
            directory = null;
            command = null;
        }
    }
}
