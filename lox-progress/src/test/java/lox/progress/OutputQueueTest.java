package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class OutputQueueTest {
    private final PrintStream out = new FakeTerminal().stream();
    private final OutputQueue queue = OutputQueue.of(out);

    @Test
    void shouldBeOneForEachOutput() {
        assertThat(OutputQueue.of(out)).isSameAs(queue);
        assertThat(OutputQueue.of(new FakeTerminal().stream())).isNotSameAs(queue);
    }

    @Test
    void shouldRunEverythingInOrder() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        List<Integer> numbers = IntStream.range(0, 1_000).boxed().toList();
        numbers.forEach(number -> queue.execute(() -> seen.add(number)));

        Patience.until("all", () -> seen.size() == 1_000);
        assertThat(seen).isEqualTo(numbers);
    }

    @Test
    void shouldGoOnAfterAnActionThatThrows() {
        List<String> seen = new CopyOnWriteArrayList<>();
        queue.execute(() -> {
            Patience.until("another action is given", () -> seen.contains("given"));
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {
                thread.setUncaughtExceptionHandler(null); // it is a shared one
                seen.add(thrown.getMessage());
            });
            throw new IllegalStateException("thrown");
        });
        queue.execute(() -> seen.add("run"));
        seen.add("given");

        Patience.until("both", () -> seen.size() == 3);
        assertThat(seen).containsExactlyInAnyOrder("given", "thrown", "run");
    }
}
