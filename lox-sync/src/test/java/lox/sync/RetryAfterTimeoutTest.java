package lox.sync;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** Attempts that follow one that was too long. */
class RetryAfterTimeoutTest {
    private static final int ATTEMPTS = 3;

    /** On a busy machine every thread takes its time: it is still there, and a short limit does not give it up. */
    @Test
    void shouldTryAgainAlthoughTheInterruptTakesLongerThanTheLimitToBeHeeded() {
        AtomicInteger attempts = new AtomicInteger();
        try (Workers hasty = Workers.threads(1)
                .taskTimeout(Duration.ofMillis(1))
                .retry(ATTEMPTS - 1, failure -> true)
                .build()) {
            Scatter<Integer, Integer> slow = Lox.on(hasty, i -> {
                attempts.incrementAndGet();
                try {
                    return new CountDownLatch(1).await(Patience.SECONDS, TimeUnit.SECONDS) ? i : -i;
                } finally {
                    spin(Duration.ofMillis(20));
                }
            });

            // A machine may stall for longer than the least grace: then it is another go.
            Patience.until("a task has all its attempts", () -> {
                attempts.set(0);
                slow.scatter(1);
                slow.gatherSettled();
                return attempts.get() == ATTEMPTS;
            });
        }
    }

    private static void spin(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
