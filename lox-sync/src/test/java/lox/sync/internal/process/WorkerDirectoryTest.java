package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lox.test.Patience;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That nothing is left of it, whoever deletes it, and whatever others do meanwhile. */
class WorkerDirectoryTest {
    private static WorkerDirectory filled() throws IOException {
        WorkerDirectory directory = WorkerDirectory.create();
        for (int i = 0; i < 100; i++) {
            Files.createFile(directory.path().resolve("buffer-" + i));
        }
        return directory;
    }

    private static Executor ownThread() {
        return task -> new Thread(task).start();
    }

    private static CompletableFuture<Void> after(CyclicBarrier start, Runnable action) {
        Runnable task = () -> {
            try {
                start.await(Patience.SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            action.run();
        };
        return CompletableFuture.runAsync(task, ownThread()); // the common pool may have one thread for both
    }

    /** The last worker leaves while the JVM ends, or its parent was killed: who returns first may end the JVM. */
    @RepeatedTest(50)
    void shouldHaveGoneForEachOfTwoThatCloseIt() throws Exception {
        WorkerDirectory directory = filled();
        Path path = directory.path();
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Void> one = after(start, () -> {
            directory.close();
            assertThat(path).doesNotExist();
        });
        CompletableFuture<Void> other = after(start, () -> {
            directory.close();
            assertThat(path).doesNotExist();
        });
        one.get(Patience.SECONDS, TimeUnit.SECONDS);
        other.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** Two processes delete it: the parent at its end, and the worker. */
    @RepeatedTest(50)
    void shouldBeDeletedByTwoAtOnce() throws Exception {
        WorkerDirectory directory = filled();
        Path path = directory.path();
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Void> one = after(start, () -> WorkerDirectory.delete(path));
        CompletableFuture<Void> other = after(start, () -> WorkerDirectory.delete(path));
        one.get(Patience.SECONDS, TimeUnit.SECONDS);
        other.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(path).doesNotExist();
        directory.close();
    }

    @RepeatedTest(50)
    void shouldBeDeletedAlthoughAWorkerIsStartingThere() throws Exception {
        WorkerDirectory directory = filled();
        Path path = directory.path();
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Void> closing = after(start, directory::close);
        CompletableFuture<Void> starting = after(start, () -> {
            try {
                Files.createFile(path.resolve("a"));
                Files.createFile(path.resolve("z"));
            } catch (IOException gone) {
                assertThat(path).doesNotExist();
            }
        });
        closing.get(Patience.SECONDS, TimeUnit.SECONDS);
        starting.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(path).doesNotExist();
    }

    /** Says that its JVM ends, then goes on. */
    static final class Late {
        private Late() {}

        public static void main(String[] arguments) throws IOException {
            WorkerDirectory directory = WorkerDirectory.create();
            WorkerDirectory.endOfJvm();
            System.out.println("there: " + Files.exists(directory.path()));
            try {
                WorkerDirectory.create();
            } catch (IOException refused) {
                System.out.println("refused: " + refused.getMessage());
            }
        }
    }

    @Test
    void shouldNotBeMadeInAJvmThatEnds(@TempDir Path directory) throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("t"));
        String printed = Program.run(
                directory,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Late.class.getName());
        assertThat(printed.lines().toList()).isEqualTo(List.of("there: false", "refused: this JVM is at its end"));
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    /** Has a directory, until its standard input ends. */
    static final class Keeper {
        private Keeper() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println(WorkerDirectory.create().path());
            System.in.readAllBytes();
        }
    }

    @Test
    void shouldBeDeletedByAnotherJvmWhenItsOwnWasKilled(@TempDir Path temporary) throws Exception {
        Process keeper = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Keeper.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (WorkerDirectory own = WorkerDirectory.create();
                BufferedReader printed =
                        new BufferedReader(new InputStreamReader(keeper.getInputStream(), StandardCharsets.UTF_8))) {
            Path kept = Path.of(printed.readLine());
            assertThat(kept).startsWith(temporary).isDirectory();
            Path notLoxs = Files.createDirectory(temporary.resolve("lox-users-own"));
            AbandonedDirectories.sweep(own.path(), temporary, new DirectoryDeletion(List.of()));
            assertThat(kept).as("its owner lives").isDirectory();

            keeper.destroyForcibly();
            assertThat(keeper.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(kept).as("nobody has deleted it").isDirectory();
            AbandonedDirectories.sweep(own.path(), temporary, new DirectoryDeletion(List.of()));
            assertThat(kept).doesNotExist();
            assertThat(notLoxs).isDirectory();
            assertThat(own.path()).isDirectory();
        } finally {
            keeper.destroyForcibly();
        }
    }

    @Test
    void shouldKeepAShutdownHookWhileOneIsOpenAlone() throws IOException {
        Patience.until("the directories of earlier tests are closed", () -> !WorkerDirectory.hasHook());
        for (int round = 0; round < 2; round++) {
            WorkerDirectory one = WorkerDirectory.create();
            WorkerDirectory other = WorkerDirectory.create();
            assertThat(WorkerDirectory.hasHook()).isTrue();
            one.close();
            assertThat(WorkerDirectory.hasHook()).isTrue();
            other.close();
            other.close();
            assertThat(WorkerDirectory.hasHook()).isFalse();
        }
    }

    /** Uses up all descriptors there are, and then closes a directory. */
    static final class NoDescriptors {
        private NoDescriptors() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            WorkerDirectory directory = WorkerDirectory.create();
            Files.createFile(directory.path().resolve(LaunchCommand.ARGUMENT_FILE));
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("lox-sweep")) { // it needs descriptors, too, and is not what this is about
                    thread.join();
                }
            }
            List<InputStream> open = new ArrayList<>();
            try {
                while (open.size() < 1_000_000) {
                    open.add(Files.newInputStream(Path.of("/dev/null")));
                }
            } catch (IOException full) {
                directory.close();
            }
            System.out.println(open.size() + " open, there: " + Files.exists(directory.path()));
        }
    }

    @Test
    void shouldBeDeletedWithoutADescriptor(@TempDir Path directory) throws Exception {
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 100 && exec \"$0\" -cp \"$1\" -Djava.io.tmpdir=\"$2\" \"$3\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        directory.toString(),
                        NoDescriptors.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader printed =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(printed.lines().toList()).singleElement().asString().endsWith(" open, there: false");
        } finally {
            process.destroyForcibly();
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
