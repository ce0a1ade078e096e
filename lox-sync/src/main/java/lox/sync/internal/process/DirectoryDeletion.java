package lox.sync.internal.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a directory of worker processes with all that lies in it. Others may delete the same directory at the same
 * time, and a worker that starts may still make a file in it; so it passes over what it cannot delete, and comes to it
 * again. What cannot be deleted stays.
 */
final class DirectoryDeletion {
    private static final int ATTEMPTS = 10;

    private final Visitor visitor = new Visitor();
    private final List<String> lasting;

    /**
     * Makes one, and loads the classes that it needs.
     *
     * @param lasting names of files that are in such a directory for longer than a start; they can be deleted without
     *     reading it
     */
    DirectoryDeletion(List<String> lasting) {
        this.lasting = lasting;
    }

    void delete(Path directory) {
        IOException reason = null;
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(directory, LinkOption.NOFOLLOW_LINKS); attempt++) {
            try {
                Files.walkFileTree(directory, visitor);
            } catch (IOException unreadable) {
                reason = unreadable;
            }
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            deleteUnread(directory);
        }
        if (reason != null) {
            log(reason);
        }
    }

    /** For want of a descriptor to read it with, say. */
    private void deleteUnread(Path directory) {
        for (String name : lasting) {
            Visitor.delete(directory.resolve(name));
        }
        Visitor.delete(directory);
    }

    static void log(IOException trouble) {
        System.getLogger("lox.sync.process")
                .log(System.Logger.Level.DEBUG, "the directory of worker processes could not be deleted", trouble);
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return delete(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException unread) {
            return delete(directory);
        }

        private static FileVisitResult delete(Path path) {
            path.toFile().delete(); // which tells of no failure: the next attempt comes to it again
            return FileVisitResult.CONTINUE;
        }
    }
}
