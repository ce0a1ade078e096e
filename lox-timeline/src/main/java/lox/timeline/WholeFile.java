package lox.timeline;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a text file, in UTF-8, as a whole: into a temporary file in the same folder, which then takes its place, so
 * that an existing file is untouched until all has been written. What cannot be replaced without a loss is written
 * where it is.
 */
final class WholeFile {
    private static final int MOST_LINKS = 40; // as on Linux
    private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);

    @FunctionalInterface
    interface Content {
        void write(Writer out) throws IOException;
    }

    private WholeFile() {}

    static void write(Path file, Content content) throws IOException {
        Path target = behindLinks(file);
        if (!isReplaceable(target) || !writeBeside(target, content)) {
            try (Writer out = writer(Files.newOutputStream(file))) {
                content.write(out);
            }
        }
    }

    /** A name may hold half of a character: that is replaced, since an encoder would refuse it. */
    private static Writer writer(OutputStream out) {
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith(REPLACEMENT);
        return new BufferedWriter(new OutputStreamWriter(out, encoder));
    }

    /** A link is to be kept, and what it points to replaced, which need not exist yet. */
    private static Path behindLinks(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int i = 0; i < MOST_LINKS && !isOpenFile(target) && Files.isSymbolicLink(target); i++) {
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    private static boolean isReplaceable(Path target) {
        return Files.notExists(target, LinkOption.NOFOLLOW_LINKS)
                || (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
                        && Files.isWritable(target)
                        && !isOpenFile(target));
    }

    /** What a process has open, and would go on to write to, as {@code /dev/stdout}. */
    private static boolean isOpenFile(Path target) {
        return target.startsWith("/proc") || target.startsWith("/dev/fd");
    }

    /** Returns whether that could be done. If not, nothing has changed. */
    private static boolean writeBeside(Path target, Content content) throws IOException {
        Path fresh = target.resolveSibling(".lox-timeline-" + UUID.randomUUID() + ".tmp");
        OutputStream bytes;
        try {
            bytes = Files.newOutputStream(fresh, CREATE_NEW, WRITE);
        } catch (IOException e) { // there is no such folder, or it cannot be written: the file itself may be
            return false;
        }
        try {
            try (Writer out = writer(bytes)) {
                if (!takeOverOwnerAndPermissions(target, fresh)) {
                    return false;
                }
                content.write(out);
            }
            return move(fresh, target);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean takeOverOwnerAndPermissions(Path target, Path fresh) {
        PosixFileAttributeView old = posix(target);
        PosixFileAttributeView own = posix(fresh);
        if (old == null || own == null || Files.notExists(target)) {
            return true;
        }
        try {
            PosixFileAttributes wanted = old.readAttributes();
            own.setPermissions(wanted.permissions());
            PosixFileAttributes given = own.readAttributes();
            return given.owner().equals(wanted.owner()) && given.group().equals(wanted.group());
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable PosixFileAttributeView posix(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class);
    }

    private static boolean move(Path fresh, Path target) {
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) { // not on this file system; or the file is another's, in a folder like /tmp
            return false;
        }
    }
}
