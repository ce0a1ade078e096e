package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lox.sync.spi.host.LaunchOptions;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real child JVMs, which tell how they were started. */
class LaunchCommandTest {
    private final Locale locale = Locale.getDefault();
    private final String classPath = System.getProperty("java.class.path");

    @TempDir
    private Path directory;

    @AfterEach
    void restore() {
        Locale.setDefault(locale);
        System.setProperty("java.class.path", classPath);
    }

    private List<String> run(LaunchOptions options, String... arguments) throws Exception {
        LaunchCommand command = LaunchCommand.of(options, directory, EchoMain.class.getName());
        Process process = command.toProcessBuilder(arguments).start();
        List<String> lines = new CopyOnWriteArrayList<>();
        OutputRelay relay = OutputRelay.start(
                process,
                new byte[0],
                "echo",
                (isError, line, isEnded) -> lines.add(new String(line, StandardCharsets.UTF_8)));
        try {
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(relay.awaitEnd()).isTrue();
        } finally {
            process.toHandle().destroyForcibly();
        }
        assertThat(process.exitValue()).as(lines.toString()).isZero();
        return lines;
    }

    private static LaunchOptions withJvmArgs(String... arguments) {
        return new LaunchOptions(List.of(arguments), null, Map.of(), Set.of(), null, 0);
    }

    @Test
    void shouldStartAChildOfTheSameKind() throws Exception {
        Locale.setDefault(Locale.forLanguageTag("de-AT"));

        assertThat(run(LaunchOptions.DEFAULT, "one", "two words"))
                .contains("arguments=[one, two words]", "locale=de-AT", "lox=lox.sync.Lox", "größer 語")
                .contains("directory=" + System.getProperty("user.dir"));
    }

    @Test
    void shouldHandOverTheUsersOptions() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("somewhere else"));
        LaunchOptions options = new LaunchOptions(
                List.of(
                        "-Dlox.test.property=a \"quoted\" back\\slash",
                        "-XX:+UseParallelGC",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"),
                null,
                Map.of("LOX_TEST", "of the user"),
                Set.of("PATH", "LOX_TEST"),
                elsewhere,
                48L << 20);

        List<String> lines = run(options);

        assertThat(lines)
                .contains(
                        "property=a \"quoted\" back\\slash",
                        "variable=of the user",
                        "directory=" + elsewhere.toRealPath(),
                        "opened=true");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("heap="))
                .singleElement()
                .satisfies(line -> assertThat(Long.parseLong(line.substring(5))).isBetween(40L << 20, 48L << 20));
    }

    @Test
    void shouldTakeAClassPathThatIsLongerThanTheOperatingSystemTakes() throws Exception {
        String many = IntStream.range(0, 30_000)
                .mapToObj(i -> directory.resolve("a directory that is not there, number " + i))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(many.length()).isGreaterThan(2 << 20); // ARG_MAX
        System.setProperty("java.class.path", many + File.pathSeparator + classPath);

        assertThat(run(LaunchOptions.DEFAULT)).contains("lox=lox.sync.Lox");
    }

    @Test
    void shouldTakePathsWithSpaces() throws Exception {
        Path copy = directory.resolve("a class path");
        Path file = copy.resolve(EchoMain.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        try (InputStream in = EchoMain.class.getResourceAsStream("EchoMain.class")) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        String withoutTests = withoutTestClasses();
        System.setProperty("java.class.path", copy + File.pathSeparator + withoutTests);

        assertThat(run(LaunchOptions.DEFAULT)).contains("arguments=[]");
    }

    /** Where this class lies is taken away, unless lox lies there too. */
    private String withoutTestClasses() throws Exception {
        Path own = Path.of(LaunchCommandTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path lox = Path.of(LaunchCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (own.equals(lox)) {
            return classPath;
        }
        return Arrays.stream(classPath.split(File.pathSeparator, -1))
                .filter(entry -> !Path.of(entry).toAbsolutePath().equals(own))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void shouldKeepTheParentsDebuggerFromTheChild() throws Exception {
        LaunchCommand command = LaunchCommand.of(LaunchOptions.DEFAULT, directory, EchoMain.class.getName());
        assertThat(InheritedOptions.of(List.of(
                        "-agentlib:jdwp=transport=dt_socket,server=y",
                        "-Xmx8g",
                        "-XX:+UseZGC",
                        "-javaagent:coverage.jar",
                        "-Dcom.sun.management.jmxremote.port=9000",
                        "-Dapp=1",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-preview",
                        "-ea")))
                .containsExactly("-Dapp=1", "--add-opens=java.base/java.lang=ALL-UNNAMED", "--enable-preview", "-ea");
        assertThat(command.toProcessBuilder().environment())
                .doesNotContainKeys("LOX_TEST", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    }

    @Test
    void shouldRemoveAndSetVariables() throws Exception {
        LaunchOptions options =
                new LaunchOptions(List.of(), null, Map.of("LOX_TEST", "1"), Set.of("PATH", "LOX_TEST"), null, 0);
        assertThat(LaunchCommand.of(options, directory).toProcessBuilder().environment())
                .doesNotContainKey("PATH")
                .containsEntry("LOX_TEST", "1");
    }

    @Test
    void shouldSayWhichCommandIsMissing() throws Exception {
        String home = System.getProperty("java.home");
        try {
            System.setProperty("java.home", directory.toString());
            assertThatThrownBy(() -> LaunchCommand.of(LaunchOptions.DEFAULT, directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(directory.resolve("bin/java").toString())
                    .hasMessageContaining("javaExecutable");
        } finally {
            System.setProperty("java.home", home);
        }
        Path missing = directory.resolve("nowhere/java");
        assertThatThrownBy(() ->
                        LaunchCommand.of(new LaunchOptions(List.of(), missing, Map.of(), Set.of(), null, 0), directory))
                .hasMessageContaining(missing.toString());
    }

    /** Else the child looks for one in every jar. */
    @Test
    void shouldNameTheSelectorProviderOfTheParent() throws IOException {
        LaunchCommand.of(LaunchOptions.DEFAULT, directory);

        assertThat(Files.readString(directory.resolve("arguments")))
                .contains("-Djava.nio.channels.spi.SelectorProvider="
                        + SelectorProvider.provider().getClass().getName());
    }

    @Test
    void shouldNameNoSecondCollector() throws IOException {
        LaunchCommand.of(withJvmArgs("-XX:+UseG1GC"), directory);
        assertThat(Files.readString(directory.resolve("arguments")))
                .contains("UseG1GC")
                .doesNotContain("UseSerialGC");

        LaunchCommand.of(
                new LaunchOptions(List.of(), null, Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseZGC -Da=b"), Set.of(), null, 0),
                directory);
        assertThat(Files.readString(directory.resolve("arguments"))).doesNotContain("UseSerialGC");

        LaunchCommand.of(LaunchOptions.DEFAULT, directory);
        assertThat(Files.readString(directory.resolve("arguments"))).contains("UseSerialGC");
    }

    @Test
    void shouldFindWhatACrashedJvmWrote() throws IOException {
        LaunchCommand command = LaunchCommand.of(
                new LaunchOptions(
                        List.of("-XX:ErrorFile=" + directory.resolve("crash-%p.txt")),
                        null,
                        Map.of(),
                        Set.of(),
                        directory,
                        0),
                directory);
        assertThat(command.errorFile(99)).isNull();

        Path usual = Files.writeString(directory.resolve("hs_err_pid99.log"), "SIGSEGV");
        assertThat(command.errorFile(99)).isEqualTo(usual);
        Path own = Files.writeString(directory.resolve("crash-99.txt"), "SIGSEGV");
        assertThat(command.errorFile(99)).isEqualTo(own);
    }
}
