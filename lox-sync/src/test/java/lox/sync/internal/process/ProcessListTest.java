package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;

/** What a JDK's own tools show of child JVMs. */
class ProcessListTest {
    /** The processes that {@code jps} lists, with their arguments. */
    private static List<String> listed() throws IOException {
        Process jps = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jps").toString(), "-m")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(jps.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Test
    void shouldBeListedWithPoolAndWorker() throws IOException {
        try (Workers workers = Workers.processes(2).named("render").build()) {
            Scatter<Integer, Long> function =
                    Lox.on(workers, i -> ProcessHandle.current().pid());
            List<Long> numbers = function.gather(IntStream.range(0, 20).boxed().toList());

            List<String> listed = listed();

            assertThat(numbers)
                    .isNotEmpty()
                    .allSatisfy(number -> assertThat(listed)
                            .anySatisfy(line ->
                                    assertThat(line).matches(number + " \\S*WorkerMain render-worker-[12] \\d+")));
        }
    }
}
