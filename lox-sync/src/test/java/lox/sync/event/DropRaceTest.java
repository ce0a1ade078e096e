package lox.sync.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import lox.sync.Batch;
import lox.sync.Lox;
import lox.sync.RetryPolicy;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Batches are dropped at the moment at which their tasks fail and begin to wait for another attempt. */
@Tag("race")
class DropRaceTest {
    private static final int BATCHES = 40_000;
    private static final Duration LATER = Duration.ofMinutes(10);

    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    /** Failures of batches that are over are reported, which is not what this is about. */
    @BeforeEach
    void passOverReports() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {});
    }

    @AfterEach
    void hearReportsAgain() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @Test
    void shouldDropATaskThatIsAboutToWait() {
        EventLog log = new EventLog();
        Workers workers = Workers.threads(1)
                .retry(RetryPolicy.times(1).backoff(LATER, LATER))
                .listeners(log)
                .build();
        try (workers) {
            Scatter<Integer, Integer> function = Lox.on(workers, number -> {
                throw new IllegalStateException("again");
            });
            for (int i = 0; i < BATCHES; i++) {
                try (Batch<Integer, Integer> batch = function.batch()) {
                    batch.scatter(i);
                    int steps = ThreadLocalRandom.current().nextInt(400);
                    for (int step = 0; step < steps; step++) {
                        Thread.onSpinWait();
                    }
                }
            }
            Patience.until("every task is dropped, or has been cancelled", () -> lastEnds(log) == BATCHES);
        }
        assertThat(log.faults).isEmpty();
    }

    private static int lastEnds(EventLog log) {
        return log.ends().getOrDefault(TaskEnd.DROPPED, 0)
                + log.ends().getOrDefault(TaskEnd.CANCELLED, 0)
                + log.ends().getOrDefault(TaskEnd.FAILED, 0);
    }
}
