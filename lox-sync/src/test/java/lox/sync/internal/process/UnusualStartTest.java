package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.WorkerCrashedException;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes of programs that run in unusual surroundings. */
class UnusualStartTest {
    @TempDir
    Path directory;

    /** Whose place for temporary files is relative, while its workers run elsewhere. */
    static final class RelativeTemporary {
        private RelativeTemporary() {}

        public static void main(String[] arguments) throws IOException {
            Path elsewhere = Files.createDirectory(Path.of("elsewhere"));
            try (Workers workers =
                    Workers.processes(1).workingDirectory(elsewhere).build()) {
                Scatter<Integer, String> function = Lox.on(
                        workers,
                        i -> Path.of("").toAbsolutePath().getFileName() + " "
                                + Files.exists(Files.createTempFile("lox-test", null)));
                function.scatter(1);
                System.out.println(function.gather());
            }
        }
    }

    @Test
    void shouldStartElsewhereWithARelativePlaceForTemporaryFiles() throws Exception {
        Files.createDirectory(directory.resolve("t"));
        assertThat(Program.run(
                        directory,
                        "-Djava.io.tmpdir=t",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RelativeTemporary.class.getName()))
                .isEqualToIgnoringNewLines("[elsewhere true]");
    }

    /** Which first thinks of worker processes when it ends. */
    static final class InAHook {
        private InAHook() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                Scatter<Integer, Integer> function = Lox.process(1, i -> i);
                function.scatter(1);
                try {
                    System.out.println(function.gather());
                } catch (WorkerCrashedException refused) {
                    System.out.println(refused.getMessage());
                }
            }));
        }
    }

    @Test
    void shouldSayThatTheJvmEndsInAShutdownHook() throws Exception {
        assertThat(Program.run(directory, "-cp", System.getProperty("java.class.path"), InAHook.class.getName()))
                .contains("could be started: this JVM is at its end");
    }

    /** Which runs in the POSIX locale, with letters beyond ASCII all over its arguments. */
    static final class InPosix {
        private InPosix() {}

        public static void main(String[] arguments) {
            String word = System.getProperty("lox.word");
            try (Workers workers =
                    Workers.processes(1).jvmArgs("-Dlox.other=gr\u00f6\u00dfe").build()) {
                Scatter<Integer, List<String>> function = Lox.on(
                        workers,
                        i -> new ArrayList<>(List.of(System.getProperty("lox.word"), System.getProperty("lox.other"))));
                function.scatter(1);
                List<String> there = function.gather().get(0);
                System.out.println(
                        there.get(0).equals(word) + " " + there.get(1).equals("gr\u00f6\u00dfe"));
            }
        }
    }

    @Test
    void shouldStartInThePosixLocaleWhateverLettersThereAre() throws Exception {
        String letters = "$(printf 'b\\303\\274ro')";
        Path script = Files.writeString(
                directory.resolve("script.sh"),
                String.join(
                        "\n",
                        "export LC_ALL=POSIX",
                        "mkdir -p " + letters,
                        "exec \"$1\" -Dlox.word=" + letters + " -Djava.io.tmpdir=" + directory + "/" + letters
                                + " -cp \"$2:" + directory + "/" + letters + "\" \"$3\"",
                        ""));
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        script.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        InPosix.class.getName())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1)).endsWith("true true\n");
    }
}
