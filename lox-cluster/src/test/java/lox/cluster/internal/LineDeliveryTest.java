package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDeliveryTest {
    private final List<Integer> taken = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldDeliverAllInOrderBeforeItReturns() {
        LineDelivery lines = new LineDelivery((isError, line, isEnded) -> taken.add((int) line[0]));
        for (int i = 0; i < 100; i++) {
            lines.accept(false, new byte[] {(byte) i}, true);
        }
        lines.awaitAll();
        assertThat(taken).isEqualTo(IntStream.range(0, 100).boxed().toList());
        assertThat(lines.isAwaited()).isFalse();
    }

    /** Nothing but its patience ends the wait. */
    @Test
    void shouldGoOnWhenAListenerIsStuck() throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        LineDelivery lines = new LineDelivery((isError, line, isEnded) -> {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            taken.add((int) line[0]);
        });
        lines.accept(true, new byte[] {1}, true);
        lines.accept(true, new byte[] {2}, true);
        lines.awaitAll();
        lines.awaitAll(); // does not wait again for the same line
        assertThat(taken).isEmpty();
        released.countDown();
        lines.awaitAll();
        lox.test.Patience.until("both are delivered", () -> taken.equals(List.of(1, 2)));
    }
}
