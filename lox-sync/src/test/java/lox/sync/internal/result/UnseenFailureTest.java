package lox.sync.internal.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.core.EngineDialect;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every failure of a completion is delivered, or told of when the completion is garbage, and never both. */
@Tag("race")
class UnseenFailureTest {
    private static final int ROUNDS = 3_000;

    private final EngineDialect dialect = new EngineDialect();
    private final Queue<Throwable> received = new ConcurrentLinkedQueue<>();
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void shutdown() {
        other.shutdownNow();
    }

    private final class Collector implements Completion.Observer<String> {
        @Override
        public void succeeded(String value) {
            throw new AssertionError(value);
        }

        @Override
        public void failed(Throwable failure) {
            received.add(failure);
        }
    }

    private void failAndForget(String message) {
        assertThat(new Completion<String>(dialect).fail(new IllegalStateException(message)))
                .isTrue();
    }

    private void awaitTold(int count) {
        Patience.until("it is told of", () -> {
            System.gc();
            return dialect.dropped.size() >= count;
        });
    }

    @Test
    void shouldTellOnceOfWhatNobodySees() {
        failAndForget("first");
        awaitTold(1);
        failAndForget("second");
        awaitTold(2);

        assertThat(dialect.dropped).extracting(Throwable::getMessage).containsExactly("first", "second");
    }

    @Test
    void shouldNotTellOfWhatMeetsItsObserver() throws Exception {
        CyclicBarrier meeting = new CyclicBarrier(2);
        for (int round = 0; round < ROUNDS; round++) {
            Completion<String> completion = new Completion<>(dialect);
            Future<?> observing = other.submit(() -> {
                meeting.await();
                completion.observe(new Collector());
                return null;
            });
            meeting.await();
            completion.fail(new IllegalStateException("of round " + round));
            observing.get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(received).as("round %d", round).hasSize(round + 1);
        }

        failAndForget("first");
        awaitTold(1);
        failAndForget("second");
        awaitTold(2);
        assertThat(dialect.dropped).extracting(Throwable::getMessage).containsExactly("first", "second");
    }

    /** One that leaves while it is given the failure. */
    private static final class Leaver implements Completion.Observer<String> {
        @Override
        public void succeeded(String value) {
            throw new AssertionError(value);
        }

        @Override
        public void failed(Throwable failure) {}

        @Override
        public boolean hasLeft() {
            return true;
        }
    }

    private void failWith(Completion.Observer<String> first, Completion.Observer<String> second, String message) {
        Completion<String> completion = new Completion<>(dialect);
        completion.observe(first);
        completion.observe(second);
        completion.fail(new IllegalStateException(message));
    }

    private void failBefore(Completion.Observer<String> late, String message) {
        Completion<String> completion = new Completion<>(dialect);
        completion.fail(new IllegalStateException(message));
        completion.observe(late);
    }

    @Test
    void shouldTellOfWhatComesToObserversThatHaveJustLeft() {
        failWith(new Leaver(), new Leaver(), "first");
        awaitTold(1);
        failBefore(new Leaver(), "second");
        awaitTold(2);

        failWith(new Leaver(), new Collector(), "received");
        failBefore(new Collector(), "received, too");
        failAndForget("third");
        awaitTold(3);
        failAndForget("fourth");
        awaitTold(4);

        assertThat(dialect.dropped)
                .extracting(Throwable::getMessage)
                .containsExactly("first", "second", "third", "fourth");
        assertThat(received).hasSize(2);
    }

    private void forgetWhatIsKnown() {
        Completion<String> before = new Completion<>(dialect);
        before.failureIsKnown();
        before.fail(new IllegalStateException("known before"));
        Completion<String> after = new Completion<>(dialect);
        after.fail(new IllegalStateException("known after"));
        after.failureIsKnown();
    }

    @Test
    void shouldNotTellOfWhatIsKnown() {
        forgetWhatIsKnown();

        failAndForget("first");
        awaitTold(1);
        failAndForget("second");
        awaitTold(2);

        assertThat(dialect.dropped).extracting(Throwable::getMessage).containsExactly("first", "second");
    }
}
