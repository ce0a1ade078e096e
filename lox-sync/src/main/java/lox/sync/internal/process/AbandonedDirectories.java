package lox.sync.internal.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lox.sync.internal.time.OwnThreads;
import org.jspecify.annotations.Nullable;

/**
 * Finds and deletes directories of worker processes whose JVM was killed before it could delete them. Each JVM keeps a
 * file in its directories locked for as long as it lives; the operating system releases the lock with the process. So a
 * lock that can be taken shows that the owner is gone, in whatever container it ran. Only directories of the same user
 * are examined.
 */
final class AbandonedDirectories {
    private static final String PREFIX = "lox";

    /** The name of the file that the owner keeps locked. */
    static final String LOCK = "owner";

    private static final int RADIX = 36;
    private static final int RANDOM_VALUES = RADIX * RADIX * RADIX * RADIX;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String OF_THIS_JVM = PREFIX + ProcessHandle.current().pid() + "-" + started() + "-";

    /** The parent directories that this JVM has swept. */
    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

    private AbandonedDirectories() {}

    /** A name for a directory of this JVM: short, and not the last one again. */
    static String newName() {
        return OF_THIS_JVM + Integer.toString(RANDOM.nextInt(RANDOM_VALUES), RADIX);
    }

    private static String started() {
        long millis = ProcessHandle.current()
                .info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .orElse(0L);
        return Long.toString(millis, RADIX);
    }

    /**
     * Locks a new directory for this JVM.
     *
     * @return keeps the lock until it is closed; null if another JVM takes the directory for an abandoned one
     */
    static @Nullable FileChannel claim(Path directory) throws IOException {
        FileChannel file =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean mine = false;
        try {
            mine = file.tryLock() != null;
            return mine ? file : null;
        } finally {
            if (!mine) {
                file.close();
            }
        }
    }

    /**
     * Looks for directories whose owners have died, once a JVM, in a thread of its own; the caller does not wait.
     *
     * @param own a new directory, which lies beside them
     * @param deletion deletes them
     */
    static void sweepLater(Path own, DirectoryDeletion deletion) {
        Path parent = own.getParent();
        if (parent != null && SWEPT.add(parent)) {
            Thread thread = OwnThreads.make("lox-sweep", () -> sweep(own, parent, deletion));
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError noThread) { // another start may have one
                SWEPT.remove(parent);
            }
        }
    }

    /** Deletes the directories whose owners have died, as far as they belong to the same user as one's own. */
    static void sweep(Path own, Path parent, DirectoryDeletion deletion) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*-*-*")) {
            UserPrincipal user = Files.getOwner(own);
            for (Path directory : found) {
                if (!String.valueOf(directory.getFileName()).startsWith(OF_THIS_JVM)) {
                    deleteIfAbandoned(directory, user, deletion);
                }
            }
        } catch (IOException | UnsupportedOperationException | DirectoryIteratorException unreadable) {
            log(unreadable);
        }
    }

    private static void deleteIfAbandoned(Path directory, UserPrincipal user, DirectoryDeletion deletion) {
        Path lock = directory.resolve(LOCK);
        try {
            if (Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)
                    && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                deleteIfUnlocked(directory, lock, deletion);
            }
        } catch (IOException | OverlappingFileLockException notMine) {
            log(notMine);
        }
    }

    private static void deleteIfUnlocked(Path directory, Path lock, DirectoryDeletion deletion) throws IOException {
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock had = file.tryLock()) {
            if (had != null) {
                deletion.delete(directory);
            }
        }
    }

    private static void log(Exception trouble) {
        System.getLogger("lox.sync.process")
                .log(System.Logger.Level.DEBUG, "a directory of worker processes could not be looked at", trouble);
    }
}
