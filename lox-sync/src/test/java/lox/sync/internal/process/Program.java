package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import lox.test.Patience;

/** Makes programs of other kinds than the tests' own, and runs them in a JVM of their own. */
final class Program {
    private static final long LIMIT_SECONDS = Patience.SECONDS;

    private Program() {}

    /** Compiles sources, named by their path, to a directory. */
    static Path compile(Path directory, List<String> options, Map<String, String> sources) throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-proc:none", "-encoding", "UTF-8"));
        arguments.addAll(options);
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = directory.resolve("source").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])))
                .isZero();
        return classes;
    }

    /** Where lox's own classes are, test classes and libraries left out. */
    static List<Path> lox() throws IOException {
        List<Path> places = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Files.isRegularFile(Path.of(entry, "lox/sync/Lox.class"))) {
                places.add(Path.of(entry).toAbsolutePath());
            }
        }
        assertThat(places).isNotEmpty();
        return places;
    }

    /** Lox as a jar. */
    static Path loxJar(Path directory, Manifest manifest) throws IOException {
        Path jar = directory.resolve("lox-sync.jar");
        Path lox = lox().get(0);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            addTree(out, lox, "", "lox/sync/");
        }
        return jar;
    }

    /** Lox as a module: with its descriptor, which the build puts beside its classes. */
    static Path loxModule(Path directory) throws IOException {
        Path lox = lox().get(0);
        assertThat(lox.resolve("module-info.class")).exists();
        Path jar = directory.resolve("lox-sync.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest(Map.of()))) {
            addTree(out, lox, "", "module-info.class");
            addTree(out, lox, "", "lox/sync/");
        }
        return jar;
    }

    static Manifest manifest(Map<String, String> entries) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        entries.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        return manifest;
    }

    /** Adds all files of a directory whose names begin in this way. */
    static void addTree(JarOutputStream out, Path directory, String prefix, String beginning) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = directory.relativize(file).toString().replace(File.separatorChar, '/');
                if (name.startsWith(beginning)) {
                    add(out, prefix + name, Files.readAllBytes(file));
                }
            }
        }
    }

    static void add(OutputStream out, String name, byte[] content) throws IOException {
        JarOutputStream jar = (JarOutputStream) out;
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    /** Runs {@code java} and gives what it printed. Fails if it does not exit with 0. */
    static String run(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(arguments));
        return run(directory, new ProcessBuilder(command));
    }

    /** Runs a program and gives what it printed. Fails if it does not exit with 0. */
    static String run(Path directory, ProcessBuilder program) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Process process = program.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as(() -> "still running, having printed " + read(output))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(read(output)).isZero();
        return read(output);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
