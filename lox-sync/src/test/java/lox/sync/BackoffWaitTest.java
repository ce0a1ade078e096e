package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** Tasks that wait for their next attempt, where a task of the same workers waits for them, and where nobody does. */
class BackoffWaitTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private static Workers one(Duration first) {
        return Workers.threads(1)
                .retry(RetryPolicy.times(5).backoff(first, NEVER))
                .build();
    }

    /** The only worker is the one that waits, so it has to run the next attempt itself. */
    @Test
    void shouldRunTheNextAttemptInATaskThatGathers() {
        try (Workers workers = one(Duration.ofMillis(5))) {
            AtomicInteger attempts = new AtomicInteger();
            Scatter<Integer, Integer> inner = Lox.on(workers, i -> {
                if (attempts.incrementAndGet() % 3 != 0) {
                    throw new IOException("attempt");
                }
                return i;
            });
            Scatter<Integer, Integer> outer = Lox.on(
                    workers,
                    i -> inner.gather(java.util.List.of(i)).get(0)
                            + inner.submit(i).join());

            outer.scatter(4);

            assertThat(outer.gather()).containsExactly(8);
            assertThat(attempts).hasValue(6);
        }
    }

    @Test
    void shouldWaitInTheCallersThreadWhereThereAreNoWorkersAndHeedItsInterrupt() {
        AtomicInteger attempts = new AtomicInteger();
        Workers inline = Workers.inline()
                .retry(RetryPolicy.times(5).backoff(NEVER, NEVER))
                .build();
        Scatter<Integer, Integer> function = Lox.on(inline, i -> {
            attempts.incrementAndGet();
            throw new IOException("attempt");
        });

        Thread.currentThread().interrupt();
        function.scatter(0);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(attempts).hasValue(1);
        assertThatExceptionOfType(GatherException.class)
                .isThrownBy(function::gather)
                .withCauseInstanceOf(IOException.class);
    }

    /** The clock is due in a day, and keeps nothing of a batch that has ended before. */
    @Test
    void shouldKeepNothingOfABatchThatHasEnded() {
        try (Workers workers = one(NEVER)) {
            AtomicInteger attempts = new AtomicInteger();
            Scatter<Object, Integer> function = Lox.on(workers, argument -> {
                attempts.incrementAndGet();
                throw new IOException("attempt");
            });

            WeakReference<Object> argument = scatterAndDiscard(function, attempts);

            Patience.until("the argument is garbage", () -> {
                System.gc();
                return argument.get() == null;
            });
            assertThat(attempts).hasValue(1);
        }
    }

    private static WeakReference<Object> scatterAndDiscard(Scatter<Object, Integer> function, AtomicInteger attempts) {
        Object argument = new Object();
        function.scatter(argument);
        Patience.until("it has failed once", () -> attempts.get() == 1);
        function.discard();
        return new WeakReference<>(argument);
    }

    /** Nobody holds the function any more, and nobody gathers: what was scattered runs all the same. */
    @Test
    void shouldRunTheNextAttemptOfAFunctionThatNobodyHolds() {
        AtomicInteger attempts = new AtomicInteger();
        scatterAndForget(attempts);

        Patience.until("the next attempt", () -> {
            System.gc();
            return attempts.get() == 2;
        });
    }

    private static void scatterAndForget(AtomicInteger attempts) {
        Lox.<Integer, Integer>on(one(Duration.ofMillis(300)), i -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IOException("attempt");
                    }
                    return i;
                })
                .scatter(1);
    }

    @Test
    void shouldFailAGatherWithATimeoutWhileATaskWaits() {
        try (Workers workers = one(NEVER)) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                throw new IOException("attempt");
            });
            function.scatter(0);

            assertThatExceptionOfType(GatherTimeoutException.class)
                    .isThrownBy(() -> function.gather(Duration.ofMillis(20)));
            function.scatter(0);
            Outcome<Integer> outcome =
                    function.gatherSettled(Duration.ofMillis(20)).get(0);
            assertThat(((Outcome.Failure<Integer>) outcome).error()).isInstanceOf(CancellationException.class);
        }
    }
}
