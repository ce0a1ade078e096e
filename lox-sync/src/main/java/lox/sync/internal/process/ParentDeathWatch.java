package lox.sync.internal.process;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends a worker process when its parent has died. The sign is the end of the connection: the operating system closes
 * what a process had open, however the process dies, and the parent closes the connection only after the worker has
 * ended. The thread that reads the connection does nothing else and runs no code of the user's, so it notices at once.
 */
final class ParentDeathWatch {
    private static final int PARENT_GONE = 86;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Object LEAVING = new Object();

    private final Path socket;

    /**
     * Makes a watch.
     *
     * @param socket where the parent listens; a parent that was killed could not delete its directory
     */
    ParentDeathWatch(Path socket) {
        this.socket = socket;
        prepareToHalt();
    }

    /**
     * Has the JVM initialize what its end needs. A JVM that does so only when tasks have left no memory fails, and can
     * then never halt: a class whose initializer has failed stays lost.
     */
    private static void prepareToHalt() {
        Thread hook = new Thread(() -> {});
        Runtime.getRuntime().addShutdownHook(hook);
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    /**
     * Connects to the parent. Ends this process if the parent was killed before: then the socket exists, and no
     * process listens.
     */
    SocketChannel connect() throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException refused) {
            LockSupport.parkNanos(CLOSING_NANOS); // a parent that has given up deletes the socket
            if (Files.exists(socket)) {
                leave();
            }
            throw refused;
        }
    }

    /** Deletes the parent's directory and ends this process at once; call when the connection has ended. */
    void leave() {
        synchronized (LEAVING) {
            try {
                Path directory = socket.getParent();
                if (directory != null) {
                    WorkerDirectory.delete(directory);
                }
            } finally {
                halt();
            }
        }
    }

    /**
     * Waits, in a thread that cannot write to the parent, for the end of this process. As a rule the parent has died,
     * and the reading thread notices that too, cleans up and ends this process, late on a busy machine. Returns after a
     * limit: then the parent lives.
     */
    static void awaitEnd() {
        for (long begun = System.nanoTime(); System.nanoTime() - begun < PATIENCE_NANOS; ) {
            Thread.interrupted(); // or parking would not wait
            LockSupport.parkNanos(PATIENCE_NANOS);
        }
    }

    /** Ends this process, since its parent is gone. */
    static void halt() {
        halt(PARENT_GONE);
    }

    /**
     * Ends this process with all that tasks have started, and the directories of the pools that its tasks have made.
     */
    static void halt(int exitCode) {
        synchronized (LEAVING) { // no thread ends this process while another deletes
            try {
                WorkerDirectory.endOfJvm();
            } finally {
                try {
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
                } finally {
                    Runtime.getRuntime().halt(exitCode);
                }
            }
        }
    }
}
