package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jdk.jshell.tool.JavaShellToolBuilder;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the parent's classes come from, and whatever its surroundings are, the workers have them too. */
class EnvironmentTest {
    private static final String USER = """
            package app;
            import java.util.List;
            import lox.sync.Lox;
            import lox.sync.Scatter;
            public class Main {
                public record Point(int x, int y) implements java.io.Serializable {}
                static Point move(int i) { return new Point(i, Helper.twice(i)); }
                public static void main(String[] args) throws Exception {
                    String word = Words.first();
                    long parent = ProcessHandle.current().pid();
                    Scatter<Integer, Point> move = Lox.process(2, Main::move);
                    Scatter<Integer, String> name = Lox.process(1, i -> word + i + Words.first()
                            + (ProcessHandle.current().pid() == parent ? " here" : " there"));
                    Scatter<Integer, Integer> nested = Lox.process(1, Main::nested);
                    for (int i = 0; i < 100; i++) {
                        move.scatter(i);
                    }
                    name.scatter(5);
                    nested.scatter(4);
                    System.out.println(move.gather().get(99) + " " + name.gather() + " " + nested.gather());
                }
                static int nested(int i) {
                    Scatter<Integer, Integer> twice = Lox.thread(2, Helper::twice);
                    twice.scatter(i);
                    return twice.gather().get(0);
                }
            }
            """;
    private static final Map<String, String> SOURCES = Map.of(
            "app/Main.java",
            USER,
            "app/Helper.java",
            "package app; class Helper { static int twice(int i) { return 2 * i; } }",
            "app/Words.java",
            """
            package app;
            class Words {
                static String first() {
                    try (var in = Words.class.getResourceAsStream("/app/words.txt")) {
                        return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines().findFirst().get();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
            """);
    private static final String PRINTED = "Point[x=99, y=198] [größe5größe there] [8]";

    @TempDir
    private Path directory;

    private Path compileUser(String... options) throws IOException {
        Path classes = Program.compile(directory, List.of(options), SOURCES);
        Files.writeString(classes.resolve("app/words.txt"), "größe\n");
        return classes;
    }

    private static String loxPath() throws IOException {
        return Program.lox().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void shouldWorkFromPathsWithSpacesAndOtherLetters() throws Exception {
        Path classes = compileUser("-cp", loxPath());
        Path odd = directory.resolve("ein Größen-Ordner \"so\"");
        if (!"UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
            odd = directory.resolve("a directory \"so\""); // the JVM itself cannot name the other one
        }
        Files.move(classes, odd);

        assertThat(Program.run(
                        directory, "-Dfile.encoding=UTF-8", "-cp", odd + File.pathSeparator + loxPath(), "app.Main"))
                .contains("Point[x=99, y=198] [");
    }

    @Test
    void shouldWorkFromTheModulePath() throws Exception {
        Path mods = Files.createDirectories(directory.resolve("mods"));
        Program.loxModule(mods);
        Path source = directory.resolve("source/module-info.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "module app { requires lox.sync; }");
        Path classes = compileUser("--module-path", mods.toString(), source.toString());

        assertThat(Program.run(
                        directory,
                        "-Dfile.encoding=UTF-8",
                        "-Dstdout.encoding=UTF-8",
                        "--module-path",
                        mods + File.pathSeparator + classes,
                        "-m",
                        "app/app.Main"))
                .contains(PRINTED);
    }

    /** As Spring Boot's: classes and libraries lie inside the jar, and a loader of its own reads them. */
    private static final String LAUNCHER = """
            package launcher;
            import java.io.*;
            import java.net.*;
            import java.util.*;
            import java.util.jar.*;
            public class Launcher extends ClassLoader {
                private final Map<String, byte[]> files = new HashMap<>();
                Launcher(File jar) throws IOException {
                    super("nested", ClassLoader.getPlatformClassLoader());
                    try (JarInputStream outer = new JarInputStream(new FileInputStream(jar))) {
                        for (JarEntry entry = outer.getNextJarEntry(); entry != null; entry = outer.getNextJarEntry()) {
                            byte[] content = outer.readAllBytes();
                            if (entry.getName().startsWith("BOOT-INF/classes/")) {
                                files.put(entry.getName().substring(17), content);
                            } else if (entry.getName().endsWith(".jar")) {
                                JarInputStream inner = new JarInputStream(new ByteArrayInputStream(content));
                                for (JarEntry e = inner.getNextJarEntry(); e != null; e = inner.getNextJarEntry()) {
                                    files.put(e.getName(), inner.readAllBytes());
                                }
                            }
                        }
                    }
                }
                @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
                    byte[] file = files.get(name.replace('.', '/') + ".class");
                    if (file == null) throw new ClassNotFoundException(name);
                    return defineClass(name, file, 0, file.length);
                }
                @Override protected URL findResource(String name) {
                    byte[] file = files.get(name);
                    if (file == null) return null;
                    try {
                        return new URL("nested", null, -1, name, new URLStreamHandler() {
                            @Override protected URLConnection openConnection(URL url) {
                                return new URLConnection(url) {
                                    @Override public void connect() {}
                                    @Override public InputStream getInputStream() { return new ByteArrayInputStream(file); }
                                };
                            }
                        });
                    } catch (MalformedURLException e) {
                        throw new IllegalStateException(e);
                    }
                }
                public static void main(String[] args) throws Exception {
                    Launcher loader = new Launcher(new File(System.getProperty("java.class.path")));
                    Thread.currentThread().setContextClassLoader(loader);
                    loader.loadClass("app.Main").getMethod("main", String[].class).invoke(null, (Object) args);
                }
            }
            """;

    @Test
    void shouldWorkFromAJarThatHoldsJars() throws Exception {
        Path classes = compileUser("-cp", loxPath());
        Path lox = Program.loxJar(directory, Program.manifest(Map.of()));
        Path launcher = Program.compile(
                directory.resolve("launcher"), List.of("-nowarn"), Map.of("launcher/Launcher.java", LAUNCHER));
        Path fat = directory.resolve("fat.jar");
        try (JarOutputStream out = new JarOutputStream(
                Files.newOutputStream(fat), Program.manifest(Map.of("Main-Class", "launcher.Launcher")))) {
            Program.addTree(out, launcher, "", "launcher/");
            Program.addTree(out, classes, "BOOT-INF/classes/", "app/");
            Program.add(out, "BOOT-INF/lib/lox-sync.jar", Files.readAllBytes(lox));
        }
        Files.delete(lox);

        assertThat(Program.run(directory, "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-jar", fat.toString()))
                .contains(PRINTED);
    }

    @Test
    void shouldWorkFromJShell() throws Exception {
        String script = """
                import lox.sync.*;
                int twice(int i) { return 2 * i; }
                record Pair(int a, int b) implements java.io.Serializable {}
                Task<Integer, Pair> task = i -> new Pair(i, twice(i));
                Scatter<Integer, Pair> pairs = Lox.process(2, task);
                for (int i = 0; i < 10; i++) pairs.scatter(i);
                System.out.println("gathered " + pairs.gather().get(9));
                /exit
                """;
        JavaShellToolBuilder shell = JavaShellToolBuilder.builder();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        PrintStream before = System.out;
        shell.in(new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)), null)
                .out(out)
                .err(out)
                .persistence(new HashMap<>())
                .start("--class-path", loxPath(), "-s");
        System.setOut(before);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("gathered Pair[a=9, b=18]");
    }

    @Test
    void shouldRunAClassThatExistsInTheParentsMemoryAlone() throws Exception {
        ParentClassLoaderTest.InMemory loader = ParentClassLoaderTest.InMemory.compile("made.Squarer", """
                package made;
                public class Squarer implements lox.sync.Task<Integer, Object> {
                    public record Square(int of, int is) implements java.io.Serializable {}
                    public Object call(Integer i) { return new Square(i, Helper.square(i)); }
                }
                class Helper { static int square(int i) { return i * i; } }
                """);
        @SuppressWarnings("unchecked")
        Task<Integer, Object> task = (Task<Integer, Object>)
                loader.loadClass("made.Squarer").getConstructor().newInstance();
        Scatter<Integer, Object> squares = Lox.process(2, task);
        IntStream.range(0, 100).forEach(squares::scatter);

        List<Object> gathered = squares.gather();

        assertThat(gathered).hasSize(100);
        assertThat(gathered.get(9)).hasToString("Square[of=9, is=81]");
        assertThat(gathered.get(9).getClass().getClassLoader()).isSameAs(loader);
    }

    @Test
    void shouldRunWithTheOptionsOfTheUser() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("else where"));
        try (Workers jvms = Workers.processes(1)
                .workingDirectory(elsewhere)
                .env(Map.of("LOX_TEST", "of the user"))
                .jvmArgs("-Dlox.test=a property")
                .build()) {
            Scatter<Integer, List<String>> function = Lox.on(
                    jvms,
                    i -> List.of(
                            Path.of("").toAbsolutePath().toString(),
                            String.valueOf(System.getenv("LOX_TEST")),
                            String.valueOf(System.getProperty("lox.test")),
                            String.valueOf(Thread.currentThread().getContextClassLoader() != null)));
            function.scatter(1);

            assertThat(function.gather())
                    .containsExactly(List.of(elsewhere.toRealPath().toString(), "of the user", "a property", "true"));
        }
    }

    @Test
    void shouldTakeTheCommandAndRemoveTheVariablesTheUserNames() throws Exception {
        Path java = Files.createSymbolicLink(
                directory.resolve("another-java"), Path.of(System.getProperty("java.home"), "bin", "java"));
        try (Workers jvms = Workers.processes(1)
                .javaExecutable(java)
                .withoutEnv("PATH")
                .jvmArgs("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0")
                .build()) {
            Scatter<Integer, List<String>> function = Lox.on(
                    jvms,
                    i -> List.of(
                            String.valueOf(System.getenv("PATH")),
                            ManagementFactory.getRuntimeMXBean()
                                    .getInputArguments()
                                    .toString()));
            function.scatter(1);
            List<String> seen = function.gather().get(0);
            assertThat(seen.get(0)).isEqualTo("null");
            assertThat(seen.get(1)).contains("jdwp"); // an agent that was asked for
        }
    }

    /** A port that the parent has is taken for its children. */
    @Test
    void shouldNotGiveOnWhatBindsAPort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path classes = compileUser("-cp", loxPath());
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                classes + File.pathSeparator + loxPath(),
                "app.Main");
        program.environment()
                .put(
                        "JAVA_TOOL_OPTIONS",
                        "-Dapp.greeting=there -Dcom.sun.management.jmxremote.port=" + port
                                + " -Dcom.sun.management.jmxremote.authenticate=false"
                                + " -Dcom.sun.management.jmxremote.ssl=false");
        program.environment()
                .put("JDK_JAVA_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        String printed = Program.run(directory, program);
        assertThat(printed).contains(PRINTED).containsOnlyOnce("Picked up JAVA_TOOL_OPTIONS");
    }

    @Test
    void shouldFindAnotherPlaceForSocketsIfTheNameOfTheUsualOneIsTooLong() throws IOException {
        Path usual = Files.createDirectories(directory.resolve("x".repeat(100)));

        Path place = WorkerDirectory.create(usual.toString());

        try {
            assertThat(place).isDirectory();
            assertThat(place.resolve("socket-1000000").toString().length()).isLessThan(106);
        } finally {
            WorkerDirectory.delete(place);
        }
    }

    @Test
    void shouldHaveAllOfLoxInTheJarForProgramsThatHideIt() throws IOException {
        Map<String, byte[]> files = BootClasses.collect(EnvironmentTest.class.getClassLoader());
        Path lox = Program.lox().get(0);
        List<String> all;
        try (var tree = Files.walk(lox.resolve("lox/sync"))) {
            all = tree.map(file -> lox.relativize(file).toString().replace(File.separatorChar, '/'))
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .filter(name -> !name.contains("Test") && hasSource(name))
                    .toList();
        }

        assertThat(files.keySet()).containsAll(all);
    }

    /** Where test classes lie in the same directory, they are not meant. */
    private static boolean hasSource(String name) {
        int dollar = name.indexOf('$');
        String outer = dollar < 0 ? name : name.substring(0, dollar);
        return Files.isRegularFile(Path.of("src/main/java", outer + ".java"))
                || Files.isRegularFile(Path.of("lox-sync/src/main/java", outer + ".java"));
    }
}
