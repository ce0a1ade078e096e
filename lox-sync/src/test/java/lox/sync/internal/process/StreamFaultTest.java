package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.process.OutputLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What tasks do to the standard streams corrupts nothing, and their lines arrive whole. */
class StreamFaultTest {
    private final List<OutputLine> lines = new CopyOnWriteArrayList<>();
    private final Workers jvms = Workers.processes(1).output(lines::add).build();

    @AfterEach
    void close() {
        jvms.close();
    }

    private <T, R> List<R> run(Task<T, R> task, List<T> arguments) {
        Scatter<T, R> function = Lox.on(jvms, task);
        arguments.forEach(function::scatter);
        return function.gather();
    }

    private void awaitLines(boolean isError, int count) {
        Processes.await(
                count + " lines have come, not " + lines.size(),
                () -> of(isError).size() >= count);
    }

    private List<String> of(boolean isError) {
        return lines.stream()
                .filter(line -> line.isError() == isError)
                .map(OutputLine::text)
                .toList();
    }

    private static String tenKibibytes(int number) {
        return number + " " + "x".repeat(10 * 1024 - 10);
    }

    @Test
    void shouldHandOnTenMebibytesOfLines() {
        List<Integer> numbers = IntStream.range(0, 1024).boxed().toList();

        assertThat(run(
                        i -> {
                            System.out.println(tenKibibytes(i));
                            return i;
                        },
                        numbers))
                .isEqualTo(numbers);

        awaitLines(false, 1024);
        assertThat(of(false))
                .isEqualTo(numbers.stream().map(StreamFaultTest::tenKibibytes).toList());
    }

    /** Past System.out, straight to the descriptor, which close() points to /dev/null. */
    private static int writeNatively(int i) throws IOException {
        try (FileOutputStream descriptor = new FileOutputStream(FileDescriptor.out)) {
            descriptor.write(("descriptor " + i + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return 0;
    }

    @Test
    void shouldNotMindNativeCodeThatWritesToTheStreams() {
        Scatter<Integer, Integer> function = Lox.on(jvms, i -> {
            int exit = i == 1 ? writeNatively(i) : 0;
            return exit + i;
        });
        IntStream.range(0, 50).forEach(function::scatter);

        assertThat(function.gather()).isEqualTo(IntStream.range(0, 50).boxed().toList());
        awaitLines(false, 1);
        assertThat(of(false)).containsExactly("descriptor 1");
    }

    @Test
    void shouldHandOnWhatAGrandchildWrites() {
        assertThat(run(
                        i -> new ProcessBuilder("sh", "-c", "echo native; echo trouble >&2")
                                .inheritIO()
                                .start()
                                .waitFor(),
                        List.of(1)))
                .containsExactly(0);
        awaitLines(false, 1);
        awaitLines(true, 1);
        assertThat(of(false)).containsExactly("native");
        assertThat(of(true)).containsExactly("trouble");
    }

    @Test
    void shouldSurviveATaskThatClosesTheStreams() {
        assertThat(run(
                        i -> {
                            System.out.println("before");
                            System.out.close();
                            System.err.close();
                            System.out.println("never seen");
                            return i;
                        },
                        List.of(1, 2, 3)))
                .containsExactly(1, 2, 3);
        awaitLines(false, 1);
        assertThat(of(false)).containsExactly("before");
    }

    @Test
    void shouldSurviveATaskThatReplacesTheStreams() {
        assertThat(run(
                        i -> {
                            PrintStream before = System.out;
                            System.setOut(
                                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
                            System.setErr(System.out);
                            System.out.println("nowhere");
                            before.println("number " + i);
                            System.setOut(before);
                            return i;
                        },
                        List.of(1, 2)))
                .containsExactly(1, 2);
        awaitLines(false, 2);
        assertThat(of(false)).containsExactly("number 1", "number 2");
    }

    @Test
    void shouldShowAnEmptyInputToTasksThatRead() {
        assertThat(run(i -> System.in.read(), List.of(1, 2))).containsExactly(-1, -1);
        assertThat(run(i -> new String(System.in.readAllBytes(), StandardCharsets.UTF_8), List.of(1)))
                .containsExactly("");
    }

    /** One that inherits it does not wait for an end that comes with the parent's. */
    @Test
    void shouldShowAnEmptyInputToProgramsThatTasksStart() {
        assertThat(run(i -> new ProcessBuilder("cat").inheritIO().start().waitFor(), List.of(1, 2)))
                .containsExactly(0, 0);
        assertThat(lines).isEmpty();
    }

    @Test
    void shouldHandOnCharactersOfAnyScript() {
        assertThat(run(
                        i -> {
                            System.out.println("größer 日本語 \ud83d\ude00");
                            System.err.println("Fehler: größer");
                            System.out.write(new byte[] {(byte) 0xff, 0, 1, '\n'});
                            System.out.flush();
                            return i;
                        },
                        List.of(1)))
                .containsExactly(1);
        awaitLines(false, 2);
        awaitLines(true, 1);
        assertThat(of(false)).containsExactly("größer 日本語 \ud83d\ude00", "\ufffd\u0000\u0001");
        assertThat(of(true)).containsExactly("Fehler: größer");
        assertThat(lines).extracting(OutputLine::pid).containsOnly(lines.get(0).pid());
    }
}
