package lox.timeline;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lox.sync.event.TaskEnd;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a picture goes, and what is there if it cannot be written. */
class WrittenFileTest {
    private static final String BEFORE = "the page of yesterday";

    @TempDir
    Path folder = Path.of("");

    private static Timeline named(String name) {
        SampleRun run = new SampleRun();
        run.task(SampleRun.batch(1, name, name), 0, name, 0, 1, 0, TaskEnd.SUCCEEDED);
        return run.timeline();
    }

    private Path existing() throws IOException {
        return Files.writeString(folder.resolve("page.html"), BEFORE);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void assertIsPage(Path file) throws IOException {
        assertThat(Files.readString(file)).startsWith("<!doctype html>").endsWith("</html>\n");
    }

    /** Half of a character, as threads can be named. */
    @ParameterizedTest(name = "{index}") // a report need not be able to hold them
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d"})
    void shouldReplaceWhatIsNoCharacter(String name) throws Exception {
        Path page = existing();
        Path trace = folder.resolve("trace.json");
        named(name).writeHtml(page);
        named(name).writeTrace(trace);

        String readable = name.replaceAll("\ud83d|\ude00", "\ufffd");
        assertIsPage(page);
        assertThat(Files.readString(page)).contains("\"worker\":\"" + readable + "\"");
        assertThat(Parsed.object(Files.readString(trace)).toString()).contains("name=" + readable + "}");
    }

    @Test
    void shouldKeepWholeCharacters() throws Exception {
        Path page = existing();
        String name = "\ud83d\ude00ü\u20ac".repeat(5_000); // longer than any buffer on the way
        named(name).writeHtml(page);
        assertThat(Files.readString(page)).contains("\"worker\":\"" + name + "\"");
    }

    @Test
    void shouldLeaveTheExistingFileAndNothingElseIfItFails() throws Exception {
        Path page = existing();
        IOException failure = new IOException("no space");
        assertThatThrownBy(() -> WholeFile.write(page, out -> {
                    out.write("half of a page".repeat(10_000));
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(page).hasContent(BEFORE);
        assertThat(files()).containsExactly(page);
    }

    @Test
    void shouldNameTheFileThatCannotBeWritten() {
        Path page = folder.resolve("missing").resolve("page.html");
        assertThatThrownBy(() -> named("f").writeHtml(page))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(page.toString());
        assertThatThrownBy(() -> named("f").writeHtml(folder)).isInstanceOf(IOException.class);
        assertThat(folder).isDirectory();
    }

    @Test
    void shouldTakeAPathWithoutAFolder() throws Exception {
        Path page = Path.of("WrittenFileTest-page.html");
        try {
            named("f").writeHtml(page);
            assertIsPage(page);
        } finally {
            Files.deleteIfExists(page);
        }
    }

    @Test
    void shouldGiveTheUsualPermissionsAndKeepThoseThatThereAre() throws Exception {
        Path usual = Files.createFile(folder.resolve("usual"));
        Path page = folder.resolve("page.html");
        named("f").writeHtml(page);
        assertThat(Files.getPosixFilePermissions(page)).isEqualTo(Files.getPosixFilePermissions(usual));

        for (String permissions : new String[] {"rw-------", "rw-rw-rw-", "rwxr-x---"}) {
            Files.setPosixFilePermissions(page, PosixFilePermissions.fromString(permissions));
            named("f").writeHtml(page);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page)))
                    .isEqualTo(permissions);
        }
        assertThat(files()).containsExactlyInAnyOrder(usual, page);
    }

    @Test
    void shouldLeaveAFileToItsOwner() throws Exception {
        Path page = existing();
        try {
            Files.setAttribute(page, "unix:uid", 65_534);
        } catch (FileSystemException e) {
            assumeTrue(false, "only root may give a file away");
        }
        named("f").writeHtml(page);
        assertIsPage(page);
        assertThat(Files.getAttribute(page, "unix:uid")).isEqualTo(65_534);
        assertThat(files()).containsExactly(page);
    }

    @Test
    void shouldKeepALinkThatPointsToThePage() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path page = Files.writeString(elsewhere.resolve("page.html"), BEFORE);
        Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("elsewhere", "page.html"));
        Path first = Files.createSymbolicLink(folder.resolve("first"), second.getFileName());
        named("f").writeHtml(first);
        assertIsPage(page);
        assertThat(first).isSymbolicLink();
        assertThat(second).isSymbolicLink();

        Files.delete(page);
        named("f").writeHtml(first);
        assertIsPage(page);
        assertThat(first).isSymbolicLink();
    }

    @Test
    void shouldWriteIntoAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try (InputStream in = Files.newInputStream(pipe)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        named("f").writeHtml(pipe);
        assertThat(read.get(Patience.SECONDS, TimeUnit.SECONDS)).endsWith("</html>\n");
        assertThat(Files.isRegularFile(pipe, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(files()).containsExactly(pipe);
    }

    /** The shell has opened the file that is meant, and writes more to it. */
    @Test
    void shouldWriteIntoTheFileThatTheStandardOutputIs() throws Exception {
        Path out = folder.resolve("out.html");
        Path inProc = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(inProc), "there is no /proc");
        try (OutputStream open = Files.newOutputStream(out, CREATE, APPEND);
                Stream<Path> descriptors = Files.list(inProc)) {
            Path descriptor = descriptors
                    .filter(entry -> isLinkTo(entry, out))
                    .findFirst()
                    .orElseThrow();
            Path link = Files.createSymbolicLink(folder.resolve("link"), descriptor);
            named("f").writeHtml(link);
            assertIsPage(out);
            open.write("more".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(Files.readString(out)).endsWith("</html>\nmore");
    }

    private static boolean isLinkTo(Path entry, Path file) {
        try {
            return Files.readSymbolicLink(entry).equals(file.toRealPath());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    void shouldWriteAFileWhoseFolderCannotBeWritten() throws Exception {
        Path page = existing();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeTrue(!Files.isWritable(folder), "root may write everywhere");
            named("f").writeHtml(page);
            assertIsPage(page);
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(files()).containsExactly(page);
    }

    @Test
    void shouldNotReplaceAFileThatMayNotBeWritten() throws Exception {
        Path page = existing();
        Files.setPosixFilePermissions(page, PosixFilePermissions.fromString("r--r--r--"));
        assumeTrue(!Files.isWritable(page), "root may write everything");
        assertThatThrownBy(() -> named("f").writeHtml(page)).isInstanceOf(AccessDeniedException.class);
        assertThat(page).hasContent(BEFORE);
        assertThat(files()).containsExactly(page);
    }
}
