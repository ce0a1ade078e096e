package lox.sync.process;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A worker's hold on its parent: standard input, which ends when the parent does, however that happens. A thread of its own waits for
 * that, after the {@linkplain HeadStart head start} that came along it.
 */
final class LifeLine implements Runnable {
    private static final int PARENT_GONE = 86;

    private final DataInputStream in;
    private final Path socket;

    /**
     * Makes it; {@link #run} holds it.
     *
     * @param in standard input, its first part read
     * @param socket where the parent was met: in a directory that a parent that was killed could not delete
     */
    LifeLine(DataInputStream in, Path socket) {
        this.in = in;
        this.socket = socket;
    }

    @Override
    public void run() {
        try {
            HeadStart.take(in);
            int heard = 0;
            while (heard >= 0) {
                heard = in.read();
            }
        } catch (IOException alsoTheEnd) {
            leave();
        }
        leave();
    }

    /** Nobody is left to work for: ends at once. */
    private void leave() {
        Path directory = socket.getParent();
        try {
            if (directory != null) {
                WorkerDirectory.delete(directory);
                WorkerDirectory.endOfJvm(); // of the pools that its tasks have made
            }
        } finally {
            halt();
        }
    }

    /** Ends this process with all that tasks have started. */
    static void halt() {
        try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        } finally {
            Runtime.getRuntime().halt(PARENT_GONE);
        }
    }
}
