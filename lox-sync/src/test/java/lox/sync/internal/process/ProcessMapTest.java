package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;
import org.junit.jupiter.api.Test;

/** {@code map} over processes, with tasks that travel. */
class ProcessMapTest {
    @Test
    void shouldMapInOrder() {
        Scatter<Integer, Integer> twice = Lox.process(2, i -> i * 2);

        assertThat(twice.map(IntStream.range(0, 20_000).boxed(), 200).toList())
                .isEqualTo(IntStream.range(0, 20_000).mapToObj(i -> i * 2).toList());
        assertThat(twice.map(List.of(1, 2, 3)).toList()).containsExactly(2, 4, 6);
    }

    @Test
    void shouldMoveOnFromThreadsToProcesses() {
        Scatter<Integer, String> chain =
                Lox.thread(3, (Integer i) -> i + 1).andThen(Lox.process(2, i -> "<" + i + ">"));

        assertThat(chain.map(IntStream.range(0, 2_000).boxed(), 50).toList())
                .isEqualTo(IntStream.rangeClosed(1, 2_000)
                        .mapToObj(i -> "<" + i + ">")
                        .toList());
    }

    @Test
    void shouldFailWithTheTasksFailureOrForANull() {
        Scatter<Integer, Integer> picky = Lox.process(2, i -> {
            if (i == 30) {
                throw new IllegalArgumentException("planned");
            }
            return i;
        });
        assertThatThrownBy(
                        () -> picky.map(IntStream.range(0, 1_000).boxed(), 20).toList())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("planned");

        Scatter<Integer, Integer> nothing = Lox.process(1, ProcessMapTest::nullFor7);
        assertThatNullPointerException()
                .isThrownBy(
                        () -> nothing.map(IntStream.range(0, 100).boxed(), 20).toList())
                .withMessageContaining("element 7 of");
    }

    @SuppressWarnings("NullAway") // null on purpose
    private static Integer nullFor7(Integer i) {
        return i == 7 ? null : i;
    }

    @Test
    void shouldKillWhatRunsWhenTheStreamIsClosed() {
        Scatter<Integer, Integer> endless = Lox.process(2, i -> {
            while (i > 0) {
                Thread.onSpinWait();
            }
            return i;
        });
        try (Stream<Integer> mapped = endless.map(List.of(0, 1, 2, 3))) {
            Iterator<Integer> results = mapped.iterator();
            assertThat(results.next()).isZero();
        }
        endless.scatter(0);
        assertThat(endless.gather()).containsExactly(0);
    }
}
