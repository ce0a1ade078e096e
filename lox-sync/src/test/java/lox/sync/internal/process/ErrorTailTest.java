package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.WorkerCrashedException;
import org.junit.jupiter.api.Test;

/** What a child writes to its standard error may be endless; what its parent remembers is not. */
class ErrorTailTest {
    private final ErrorTail tail = new ErrorTail();

    private static int characters(List<String> lines) {
        return lines.stream().mapToInt(String::length).sum();
    }

    @Test
    void shouldKeepTheLastLines() {
        IntStream.range(0, 100).forEach(i -> tail.add("line " + i));
        assertThat(tail.lines()).hasSize(40).startsWith("line 60").endsWith("line 99");
    }

    @Test
    void shouldKeepNoMoreThanSomeKibibytes() {
        IntStream.range(0, 100).forEach(i -> tail.add(i + "x".repeat(1 << 20)));
        assertThat(tail.lines())
                .isNotEmpty()
                .last()
                .asString()
                .startsWith("99xxx")
                .endsWith("(1048578 characters)");
        assertThat(characters(tail.lines())).isLessThanOrEqualTo(16 * 1024);
        IntStream.range(0, 39).forEach(i -> tail.add("short"));
        assertThat(tail.lines()).hasSize(40);
    }

    @Test
    void shouldBoundWhatACrashTells() {
        try (Workers workers = Workers.processes(1).output(line -> {}).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i == 1) {
                    String line = "y".repeat(1 << 20);
                    for (int j = 0; j < 10; j++) {
                        System.err.println(line);
                    }
                    System.err.print("z".repeat(3 << 20)); // a line without an end
                    System.err.flush();
                    Runtime.getRuntime().halt(9);
                }
                return i;
            });
            IntStream.range(0, 3).forEach(function::scatter);
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            assertThat(outcomes.get(1)).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                WorkerCrashedException crash = (WorkerCrashedException) failure.error();
                assertThat(crash.errorOutput()).isNotEmpty();
                assertThat(characters(crash.errorOutput())).isLessThanOrEqualTo(16 * 1024);
                assertThat(crash.getMessage()).hasSizeLessThan(20 * 1024);
            });
            assertThat(outcomes.get(2)).isEqualTo(new Outcome.Success<>(2, 2));
        }
    }
}
