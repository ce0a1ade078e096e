package lox.examples.locks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class LockExamplesTest {
    @Test
    void shouldLetPeopleInBeforeTheWaitingJanitorWithALightSwitch() throws InterruptedException {
        assertThat(Restroom.withLightSwitch())
                .containsExactly(
                        "person 0 enters",
                        "person 1 enters",
                        "person 1 leaves",
                        "person 0 leaves",
                        "janitor enters",
                        "janitor leaves");
    }

    @Test
    void shouldLetTheJanitorInBeforeThoseWhoComeLaterWithAReadWriteLock() throws InterruptedException {
        assertThat(Restroom.withReadWriteLock())
                .containsExactly(
                        "person 0 enters",
                        "person 0 leaves",
                        "janitor enters",
                        "janitor leaves",
                        "person 1 enters",
                        "person 1 leaves");
    }

    @Test
    void shouldNeverUseACardTwiceAtATime() throws Exception {
        AtomicIntegerArray users = new AtomicIntegerArray(4);
        AtomicInteger collisions = new AtomicInteger();
        GraphicsCards cards = new GraphicsCards((frame, card) -> {
            if (users.incrementAndGet(card) != 1) {
                collisions.incrementAndGet();
            }
            users.decrementAndGet(card);
            return "frame " + frame;
        });
        List<String> expected =
                IntStream.range(0, 200).mapToObj(frame -> "frame " + frame).toList();
        assertThat(cards.renderWithThreads(200, 8)).isEqualTo(expected);
        assertThat(cards.renderInAPipeline(200).collectList().block(Patience.LIMIT))
                .isEqualTo(expected);
        assertThat(collisions).hasValue(0);
    }
}
