package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.process.OutputLine;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A result comes after all that its task has printed. Nothing here waits for lines. */
class OutputAtTheEndOfTasksTest {
    private final List<OutputLine> lines = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private Workers jvms = workers(1, lines::add);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        release.countDown();
        jvms.close();
    }

    private static Workers workers(int count, Consumer<OutputLine> listener) {
        return Workers.processes(count).output(listener).build();
    }

    private <T, R> List<R> run(Task<T, R> task, List<T> arguments) {
        Scatter<T, R> function = Lox.on(jvms, task);
        arguments.forEach(function::scatter);
        return function.gather();
    }

    private List<String> texts() {
        return lines.stream().map(OutputLine::text).toList();
    }

    /** The ways to standard output and standard error. */
    enum Way {
        JAVA,
        BYTE_BY_BYTE,
        REPLACED,
        DESCRIPTOR,
        PROGRAM;

        void print(int number) throws IOException, InterruptedException {
            byte[] line = ("line " + number + "\n").getBytes(StandardCharsets.US_ASCII);
            switch (this) {
                case JAVA -> System.out.println("line " + number);
                case BYTE_BY_BYTE -> {
                    for (byte unit : line) {
                        System.err.write(unit == '\n' ? ' ' : unit); // so that nothing flushes it
                    }
                }
                case REPLACED -> {
                    PrintStream before = System.out;
                    if (before.getClass() == PrintStream.class) {
                        System.setOut(new Replacement(before));
                    }
                    System.out.print("line " + number + "\n");
                }
                case DESCRIPTOR ->
                    new FileOutputStream(number % 2 == 0 ? FileDescriptor.out : FileDescriptor.err).write(line);
                case PROGRAM ->
                    assertThat(new ProcessBuilder("echo", "line " + number)
                                    .inheritIO()
                                    .start()
                                    .waitFor())
                            .isZero();
            }
        }
    }

    private static final class Replacement extends PrintStream {
        Replacement(PrintStream behind) {
            super(new BufferedOutputStream(behind, 1 << 16), false, StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveHandedOnWhatATaskHasPrinted(Way way) {
        for (int i = 0; i < (way == Way.PROGRAM ? 10 : 200); i++) {
            run(
                    number -> {
                        way.print(number);
                        return 0;
                    },
                    List.of(i));

            assertThat(texts()).hasSize(i + 1);
            assertThat(texts().get(i).strip()).isEqualTo("line " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JAVA", "DESCRIPTOR"})
    void shouldHaveHandedOnAllLinesOfManyTasks(Way way) {
        jvms.close();
        jvms = workers(2, lines::add);
        run(
                number -> {
                    way.print(number);
                    return 0;
                },
                IntStream.range(0, 5_000).boxed().toList());

        assertThat(texts())
                .hasSize(5_000)
                .containsAll(
                        IntStream.range(0, 5_000).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void shouldHaveHandedOnAllLinesOfOneTask() {
        for (int round = 1; round <= 5; round++) {
            run(
                    lines -> {
                        for (int i = 0; i < lines; i++) {
                            System.out.println("line " + i);
                        }
                        return 0;
                    },
                    List.of(5_000));

            assertThat(lines).hasSize(round * 5_000);
        }
    }

    @Test
    void shouldHaveHandedOnWhatWasPrintedBeforeEachResult() {
        Scatter<Integer, Integer> function = Lox.on(jvms, number -> {
            System.out.println("line " + number);
            if (number % 3 == 0) {
                throw new IOException("after printing");
            }
            return number;
        });
        IntStream.range(0, 300).forEach(function::scatter);
        int[] seen = {0};
        function.gatherSettled().forEach(outcome -> seen[0]++);
        assertThat(lines).hasSize(300);
        IntStream.range(0, 100).map(i -> 3 * i + 1).forEach(function::scatter);
        try (var results = function.gatherStream()) {
            results.forEach(result -> assertThat(texts()).contains("line " + result));
        }
    }

    @Test
    void shouldHandOnALineWithoutAnEndWhenTheTaskEnds() {
        run(
                number -> {
                    System.out.print("part " + number);
                    return 0;
                },
                IntStream.range(0, 100).boxed().toList());

        assertThat(texts())
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "part " + i).toList());
    }

    @Test
    void shouldHandOnWhatWasWrittenToTheDescriptorWithoutAnEnd() {
        for (int i = 1; i <= 50; i++) {
            run(
                    text -> {
                        new FileOutputStream(FileDescriptor.out).write(text.getBytes(StandardCharsets.US_ASCII));
                        return 0;
                    },
                    List.of("."));
            assertThat(lines).hasSize(i);
        }
    }

    @Test
    void shouldHandOnALineWithoutAnEndWhileTheTaskGoesOn() throws IOException {
        Path seen = directory.resolve("seen");
        String name = seen.toString();
        Scatter<Integer, Integer> function = Lox.on(jvms, number -> {
            System.out.print("10 % ");
            while (!Files.exists(Path.of(name))) {
                Processes.pause(5);
            }
            System.out.println("20 %");
            return 0;
        });
        function.scatter(1);
        Patience.until("the beginning has come", () -> texts().equals(List.of("10 % ")));
        Files.createFile(seen);
        function.gather();
        assertThat(texts()).containsExactly("10 % ", "20 %");
    }

    @Test
    void shouldNotTearLinesThatArePrintedInParts() {
        run(
                number -> {
                    System.out.printf("%d of %s and %d%n", number, "many", number + 1);
                    return 0;
                },
                IntStream.range(0, 3_000).boxed().toList());

        assertThat(texts())
                .isEqualTo(IntStream.range(0, 3_000)
                        .mapToObj(i -> i + " of many and " + (i + 1))
                        .toList());
    }

    /** A listener that waits for what comes after the results, say. */
    @Test
    void shouldNotHoldResultsBackForAListenerThatBlocks() {
        jvms.close();
        jvms = workers(1, line -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            lines.add(line);
        });
        List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
        assertThat(run(
                        number -> {
                            System.out.println(number);
                            return number;
                        },
                        numbers))
                .isEqualTo(numbers);
        assertThat(lines).isEmpty();
        release.countDown();
        Patience.until("all lines have come", () -> lines.size() == 100);
    }

    /** The listener takes five seconds at least, and the task, the first of a new process, far less than three. */
    @Test
    void shouldNotCountTheListenersTimeAsTheTasks() {
        jvms.close();
        jvms = Workers.processes(1)
                .taskTimeout(Duration.ofSeconds(3))
                .output(line -> {
                    Processes.pause(20);
                    lines.add(line);
                })
                .build();
        run(
                number -> {
                    IntStream.range(0, number).forEach(System.out::println);
                    return 0;
                },
                List.of(250));
        assertThat(lines).hasSize(250);
    }
}
