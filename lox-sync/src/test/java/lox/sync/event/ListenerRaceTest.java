package lox.sync.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Batches that are gathered, discarded, that fail and take too long, all at once: each attempt that was started has
 * ended once, and each task that was scattered has one last end.
 */
@Tag("race")
class ListenerRaceTest {
    private static final int BATCHES = 300;
    private static final int MOST_TASKS = 40;
    private static final int DROPPED_BATCHES = 40_000;
    private static final Duration LATER = Duration.ofMinutes(10);

    private final EventLog log = new EventLog();

    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    /** Failures of discarded batches are reported, which is not what this is about. */
    @BeforeEach
    void passOverReports() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {});
    }

    @AfterEach
    void hearReportsAgain() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private Scatter<Integer, Integer> function(Workers.Builder builder) {
        return Lox.on(builder.listeners(log).build(), number -> {
            if (number % 7 == 0) {
                throw new IllegalStateException("seven");
            }
            if (number % 11 == 0) {
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos()); // an interrupt ends it early
            }
            return number;
        });
    }

    static Stream<Workers.Builder> workers() {
        return Stream.of(
                Workers.threads(3),
                Workers.threads(3).retry(1, failure -> true),
                Workers.threads(3).taskTimeout(Duration.ofMillis(1)),
                Workers.threads(3)
                        .taskTimeout(Duration.ofMillis(1))
                        .retry(RetryPolicy.times(2).backoff(Duration.ofNanos(1_000), Duration.ofMillis(1))));
    }

    @ParameterizedTest
    @MethodSource("workers")
    void shouldTellOfOneEndForEachStart(Workers.Builder builder) {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        Scatter<Integer, Integer> function = function(builder);
        long tasks = 0;
        for (int i = 0; i < BATCHES; i++) {
            try (Batch<Integer, Integer> batch = function.batch()) {
                int count = 1 + random.nextInt(MOST_TASKS);
                tasks += count;
                for (int task = 0; task < count; task++) {
                    batch.scatter(random.nextInt(100));
                }
                switch (random.nextInt(3)) {
                    case 0 -> assertThat(batch.gatherSettled()).hasSize(count);
                    case 1 -> LockSupport.parkNanos(random.nextInt(200_000)); // and discard
                    default -> {
                        try {
                            batch.gather();
                        } catch (RuntimeException failed) {
                            assertThat(failed).as("seed %d", seed).isNotNull();
                        }
                    }
                }
            }
        }
        long all = tasks;
        Patience.until(
                "every task has its last end",
                () -> lastEnds() >= all && log.underWay().isEmpty());

        assertThat(log.faults).as("seed %d", seed).isEmpty();
        assertThat(lastEnds()).as("seed %d, %s", seed, log.ends()).isEqualTo(all);
        assertThat(log.scatteredTasks()).isEqualTo(all);
        assertThat(log.batchEnds).hasSize(BATCHES);
        assertThat(log.opened).hasSize(BATCHES).doesNotHaveDuplicates();
    }

    /** Batches are dropped at the moment at which their tasks fail and begin to wait for another attempt. */
    @Test
    void shouldTellOfTheDropOfATaskThatIsAboutToWait() {
        Workers workers = Workers.threads(1)
                .retry(RetryPolicy.times(1).backoff(LATER, LATER))
                .listeners(log)
                .build();
        try (workers) {
            Scatter<Integer, Integer> function = Lox.on(workers, number -> {
                throw new IllegalStateException("again");
            });
            for (int i = 0; i < DROPPED_BATCHES; i++) {
                try (Batch<Integer, Integer> batch = function.batch()) {
                    batch.scatter(i);
                    int steps = ThreadLocalRandom.current().nextInt(400);
                    for (int step = 0; step < steps; step++) {
                        Thread.onSpinWait();
                    }
                }
            }
            Patience.until("every task has its last end", () -> lastEnds() == DROPPED_BATCHES);
        }
        assertThat(log.faults).isEmpty();
    }

    private long lastEnds() {
        Map<TaskEnd, Integer> ends = log.ends();
        return ends.values().stream().mapToLong(Integer::longValue).sum() - ends.getOrDefault(TaskEnd.RETRIED, 0);
    }
}
