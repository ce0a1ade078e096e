package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scatters that come while another thread seals the batch before them. */
@Tag("race")
class SealRaceTest {
    private static final long ROUNDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Test
    void shouldRunEveryScatterWithoutWaitingForAnother() {
        AtomicInteger ran = new AtomicInteger();
        AtomicBoolean producing = new AtomicBoolean(true);
        try (Workers workers = Workers.threads(2).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> ran.incrementAndGet());
            Elsewhere<Integer> gatherer = Elsewhere.call(() -> {
                int gathered = 0;
                while (producing.get()) {
                    gathered += function.gather().size();
                }
                return gathered + function.gather().size();
            });

            int scattered = 0;
            for (long start = System.nanoTime(); System.nanoTime() - start < ROUNDS_NANOS; ) {
                function.scatter(scattered++);
                awaitRun(ran, scattered);
            }
            producing.set(false);

            assertThat(gatherer.result).succeedsWithin(Elsewhere.LONG).isEqualTo(scattered);
        }
    }

    private static void awaitRun(AtomicInteger ran, int tasks) {
        long start = System.nanoTime();
        while (ran.get() < tasks) {
            assertThat(System.nanoTime() - start)
                    .as("until task %d has run", tasks)
                    .isLessThan(Elsewhere.LONG.toNanos());
            Thread.onSpinWait();
        }
    }
}
