package lox.sync.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.engine.Dispatchers;
import lox.sync.internal.result.Completion;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each good result of a gather that nobody receives goes to one observer's discard hook, once. */
@SuppressWarnings("serial") // javac takes a package called internal for its own: no lambda here is ever serialized
class UnreceivedResultsTest {
    private final Workers workers = Workers.threads(1).build();
    private final Queue<Object> discarded = new ConcurrentLinkedQueue<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    private static final class DiscardingDialect extends EngineDialect {
        @Override
        public boolean discards() {
            return true;
        }
    }

    private final Dispatcher<Integer, Integer> function = Dispatchers.of(
            i -> {
                if (i == 2) {
                    started.countDown();
                    while (opened.getCount() > 0) {
                        Thread.onSpinWait(); // deaf to the interrupt
                    }
                }
                return i;
            },
            EngineAccess.lanes(workers),
            new DiscardingDialect());

    private final class Collector<V> implements Completion.Observer<V> {
        final Queue<Object> received = new ConcurrentLinkedQueue<>();

        @Override
        public void succeeded(V value) {
            received.add(value);
        }

        @Override
        public void failed(Throwable failure) {
            received.add(failure);
        }

        @Override
        public Consumer<Object> discarding() {
            return discarded::add;
        }
    }

    @AfterEach
    void close() {
        opened.countDown();
        workers.close();
    }

    /** It leaves when the outcomes are being made, so nobody receives them. */
    @Test
    void shouldDiscardWhatIsHarvestedWhileTheLastObserverLeaves() throws InterruptedException {
        AtomicReference<Gathering<List<String>>> gathering = new AtomicReference<>();
        Collector<List<String>> observer = new Collector<>();
        for (int i = 0; i < 4; i++) {
            function.scatter(i);
        }
        started.await();
        Gathering<List<String>> partial = function.gatherSettled(
                (index, value) -> {
                    Objects.requireNonNull(gathering.get()).leave(observer);
                    return "good";
                },
                (index, failure) -> "bad",
                null);
        gathering.set(partial);
        partial.observe(observer);

        partial.until(Deadline.partial(Duration.ZERO, Deadline.Clock.SYSTEM));

        assertThat(discarded).containsExactly(0, 1);
        opened.countDown();
        Patience.until("the one that ran is discarded", () -> discarded.size() == 3);
        assertThat(discarded).containsExactly(0, 1, 2);
        assertThat(observer.received).isEmpty();
    }

    @Test
    void shouldKeepWhatIsHarvestedForThoseWhoCome() throws InterruptedException {
        Collector<List<Integer>> observer = new Collector<>();
        for (int i = 0; i < 4; i++) {
            function.scatter(i);
        }
        started.await();
        Gathering<List<Integer>> partial = function.<Integer>gatherSettled(
                        (index, value) -> value, (index, failure) -> -1, null)
                .until(Deadline.partial(Duration.ZERO, Deadline.Clock.SYSTEM));
        opened.countDown();

        partial.observe(observer);

        Patience.until("the one that ran is discarded", () -> !discarded.isEmpty());
        assertThat(discarded).containsExactly(2);
        assertThat(observer.received).containsExactly(List.of(0, 1, -1, -1));
    }
}
