package lox.sync.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fresh directory that only its owner may enter: sockets are there while workers connect, and their argument file. It is
 * deleted with the last worker, or when this JVM ends.
 */
final class WorkerDirectory implements AutoCloseable {
    /** The name of a socket has to fit the operating system's structure, its end included. */
    private static final int LONGEST_SOCKET_PATH = 104;

    private static final int LONGEST_NAME = 24;
    private static final Set<WorkerDirectory> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(WorkerDirectory::endOfJvm, "lox-worker-directories"));
    }

    private static volatile boolean jvmEnds;

    private final Path path;

    private WorkerDirectory(Path path) {
        this.path = path;
        OPEN.add(this);
    }

    /** Makes one in the directory for temporary files; elsewhere if that has too long a name for sockets. */
    static WorkerDirectory create() throws IOException {
        return new WorkerDirectory(create(System.getProperty("java.io.tmpdir")));
    }

    static Path create(String preferred) throws IOException {
        IOException reason = null;
        for (String parent : List.of(preferred, "/tmp", "/var/tmp")) {
            try {
                Path path = createIn(Path.of(parent));
                if (path != null) {
                    return path;
                }
            } catch (IOException unusable) {
                reason = unusable;
            }
        }
        throw new IOException(
                "no place for a socket: the path of java.io.tmpdir is too long (" + preferred
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
        return Files.createTempDirectory(parent, "lox", ownersOnly);
    }

    private static int length(Path path) {
        return path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Deletes those of this JVM, which is at its end. */
    static void endOfJvm() {
        jvmEnds = true;
        OPEN.forEach(WorkerDirectory::close);
    }

    /** Whether this JVM is at its end, and with it the workers: one that was about to connect may hang up without a word. */
    static boolean isAtEndOfJvm() {
        return jvmEnds;
    }

    Path path() {
        return path;
    }

    /** Deletes it with all that lies in it. What cannot be deleted stays. */
    @Override
    public void close() {
        OPEN.remove(this);
        delete(path);
    }

    /** By this JVM at its end, or by a worker whose parent was killed. */
    static void delete(Path directory) {
        try (Stream<Path> content = Files.walk(directory)) {
            content.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException gone) {
            System.getLogger(WorkerDirectory.class.getName())
                    .log(System.Logger.Level.DEBUG, "the directory of worker processes could not be deleted", gone);
        }
    }
}
