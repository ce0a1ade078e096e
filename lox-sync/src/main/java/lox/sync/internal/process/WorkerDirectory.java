package lox.sync.internal.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lox.sync.internal.time.OwnThreads;
import org.jspecify.annotations.Nullable;

/**
 * A fresh directory that only its owner may enter: sockets are there while workers connect, and their argument file. It
 * is deleted with the last worker, or when this JVM ends.
 */
final class WorkerDirectory implements AutoCloseable {
    /** The name of a socket has to fit the operating system's structure, its end included. */
    private static final int LONGEST_SOCKET_PATH = 104;

    private static final int LONGEST_NAME = 24;

    /** To find a name that no other directory has. */
    private static final int ATTEMPTS = 10;

    /** Made ahead, with its class: the last worker may end after lox's class loader has been closed. */
    private static final DirectoryDeletion DELETION =
            new DirectoryDeletion(List.of(AbandonedDirectories.LOCK, LaunchCommand.ARGUMENT_FILE));

    private static final Set<WorkerDirectory> OPEN = ConcurrentHashMap.newKeySet();

    /**
     * There while a directory is open, and no longer, or it would keep lox's class loader; {@link #OPEN}'s lock
     * guards it.
     */
    private static @Nullable Thread hook;

    private static volatile boolean jvmEnds;

    private final Path path;
    private final FileChannel lock;

    private WorkerDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes one in the directory for temporary files; elsewhere if that has too long a name for sockets. */
    static WorkerDirectory create() throws IOException {
        for (; ; ) {
            Path path = create(System.getProperty("java.io.tmpdir"));
            WorkerDirectory made = null;
            try {
                FileChannel lock = AbandonedDirectories.claim(path);
                if (lock != null) {
                    made = new WorkerDirectory(path, lock);
                }
            } finally {
                if (made == null) {
                    delete(path);
                }
            }
            if (made != null) {
                made.register();
                AbandonedDirectories.sweepLater(path, DELETION);
                return made;
            }
        }
    }

    private void register() throws IOException {
        boolean registered = false;
        try {
            synchronized (OPEN) {
                if (hook == null) {
                    Thread thread = OwnThreads.make("lox-worker-directories", WorkerDirectory::endInOrder);
                    Runtime.getRuntime().addShutdownHook(thread);
                    hook = thread;
                }
                OPEN.add(this);
            }
            registered = !jvmEnds; // looked at when it is open: the thread that ends this JVM deletes it, or this does
        } catch (IllegalStateException shutdown) {
            throw new IOException("this JVM is at its end", shutdown);
        } finally {
            if (!registered) {
                close();
            }
        }
        if (!registered) {
            throw new IOException("this JVM is at its end");
        }
    }

    /** Whether this JVM will call something of lox when it ends. */
    static boolean hasHook() {
        synchronized (OPEN) {
            return hook != null;
        }
    }

    private static void unregister(WorkerDirectory closed) {
        synchronized (OPEN) {
            OPEN.remove(closed);
            Thread registered = hook;
            if (OPEN.isEmpty() && registered != null && !jvmEnds) {
                hook = null;
                try {
                    Runtime.getRuntime().removeShutdownHook(registered);
                } catch (IllegalStateException shutdown) {
                    hook = registered; // which runs now, or soon
                }
            }
        }
    }

    static Path create(String preferred) throws IOException {
        IOException reason = null;
        for (String parent : List.of(preferred, "/tmp", "/var/tmp")) {
            try {
                Path path = createIn(Path.of(parent).toAbsolutePath()); // the workers may run elsewhere
                if (path != null) {
                    return path;
                }
            } catch (IOException unusable) {
                reason = unusable;
            } catch (InvalidPathException unspeakable) { // with letters that the locale does not have
                reason = new IOException(unspeakable);
            }
        }
        throw new IOException(
                "no place for a socket: the path of java.io.tmpdir is too long or cannot be used (" + preferred
                        + "), and neither /tmp nor /var/tmp can be used",
                reason);
    }

    private static @Nullable Path createIn(Path parent) throws IOException {
        if (length(parent) + LONGEST_NAME + LONGEST_NAME > LONGEST_SOCKET_PATH) {
            return null;
        }
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        for (int attempt = 1; ; attempt++) {
            try {
                return Files.createDirectory(parent.resolve(AbandonedDirectories.newName()), ownersOnly);
            } catch (FileAlreadyExistsException another) {
                if (attempt == ATTEMPTS) {
                    throw another;
                }
            }
        }
    }

    private static int length(Path path) {
        return path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** This JVM shuts down. */
    private static void endInOrder() {
        try {
            LiveWorkers.end();
        } finally {
            endOfJvm();
        }
    }

    /** Deletes those of this JVM, which is at its end. */
    static void endOfJvm() {
        jvmEnds = true;
        OPEN.forEach(WorkerDirectory::close);
    }

    /**
     * Whether this JVM is at its end, and with it the workers: one that was about to connect may hang up without a
     * word.
     */
    static boolean isAtEndOfJvm() {
        return jvmEnds;
    }

    Path path() {
        return path;
    }

    /**
     * Deletes it with all that lies in it. What cannot be deleted stays. A thread that calls it while another does
     * waits for both.
     */
    @Override
    public synchronized void close() {
        try {
            lock.close(); // some systems do not delete what is open
        } catch (IOException e) {
            DirectoryDeletion.log(e);
        }
        delete(path);
        unregister(this); // only now, or the thread that ends this JVM would not wait for it
    }

    /** Deletes a directory: one of this JVM at its end, or a worker's whose parent was killed. */
    static void delete(Path directory) {
        DELETION.delete(directory);
    }
}
