package lox.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.Batch;
import lox.sync.Lox;
import lox.sync.RetryPolicy;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import lox.test.Patience;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoxMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LoxMetrics metrics = LoxMetrics.create();

    private static int increment(int number) {
        return number + 1;
    }

    private static int even(int number) {
        if (number % 2 != 0) {
            throw new IllegalArgumentException(number + " is odd");
        }
        return number;
    }

    private static int never(int number) throws InterruptedException {
        new CountDownLatch(1).await();
        return number;
    }

    private static long count(MeterRegistry registry, String timer, String... tags) {
        return registry.find(timer).tags(tags).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private static double gauge(MeterRegistry registry, String name, String workers) {
        return registry.get(name).tag("workers", workers).gauge().value();
    }

    @Test
    void shouldTimeTasksByOutcome() {
        metrics.bindTo(registry);
        Scatter<Integer, Integer> even =
                Lox.on(metrics.monitor(Workers.threads(2).named("two")), LoxMetricsTest::even);

        IntStream.range(0, 5).forEach(even::scatter);
        assertThat(even.gatherSettled()).hasSize(5);

        Timer succeeded = registry.get("lox.task.duration")
                .tags("workers", "two", "function", "LoxMetricsTest.even", "outcome", "succeeded")
                .timer();
        assertThat(succeeded.count()).isEqualTo(3);
        assertThat(succeeded.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(count(registry, "lox.task.duration", "outcome", "failed")).isEqualTo(2);
        assertThat(count(registry, "lox.task.duration")).isEqualTo(5);
        assertThat(count(registry, "lox.task.wait", "workers", "two", "function", "LoxMetricsTest.even"))
                .isEqualTo(5);
    }

    @Test
    void shouldTimeEveryAttemptAndTellTimeouts() {
        metrics.bindTo(registry);
        Workers workers = metrics.monitor(Workers.threads(1)
                .taskTimeout(Duration.ofMillis(500)) // within as much again an attempt heeds its interrupt
                .retry(RetryPolicy.times(2).on(failure -> true)));
        Scatter<Integer, Integer> never = Lox.on(workers, LoxMetricsTest::never);

        never.scatter(1);
        assertThat(never.gatherSettled()).hasSize(1);

        assertThat(count(registry, "lox.task.duration", "outcome", "retried")).isEqualTo(2);
        assertThat(count(registry, "lox.task.duration", "outcome", "timed_out")).isEqualTo(1);
    }

    @Test
    void shouldTimeBatchesByOutcome() {
        metrics.bindTo(registry);
        Workers workers = metrics.monitor(Workers.threads(2).named("two"));
        Scatter<Integer, Integer> even = Lox.on(workers, LoxMetricsTest::even);

        assertThat(even.gather(List.of(2, 4))).containsExactly(2, 4);
        assertThatThrownBy(() -> even.gather(List.of(1))).isInstanceOf(IllegalArgumentException.class);
        try (Batch<Integer, Integer> cancelled =
                Lox.on(workers, LoxMetricsTest::never).batch()) {
            cancelled.scatter(1);
        }

        assertThat(count(registry, "lox.batch.duration", "function", "LoxMetricsTest.even", "outcome", "completed"))
                .isEqualTo(1);
        assertThat(count(registry, "lox.batch.duration", "function", "LoxMetricsTest.even", "outcome", "failed"))
                .isEqualTo(1);
        Patience.until(
                "the cancelled batch has been counted",
                () -> count(registry, "lox.batch.duration", "function", "LoxMetricsTest.never", "outcome", "cancelled")
                        == 1);
    }

    @Test
    void shouldShowWhatIsQueuedAndActiveOfHowMany() throws InterruptedException {
        metrics.bindTo(registry);
        Workers workers = metrics.monitor(Workers.threads(2).named("two"));
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        Scatter<Integer, Integer> wait = Lox.on(workers, number -> {
            running.countDown();
            go.await();
            return number;
        });

        IntStream.range(0, 7).forEach(wait::scatter);
        assertThat(running.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(gauge(registry, "lox.workers.active", "two")).isEqualTo(2);
        assertThat(gauge(registry, "lox.workers.queued", "two")).isEqualTo(5);
        assertThat(gauge(registry, "lox.workers.limit", "two")).isEqualTo(2);
        go.countDown();
        assertThat(wait.gather()).hasSize(7);
        Patience.until("nothing runs any more", () -> gauge(registry, "lox.workers.active", "two") == 0);
        assertThat(gauge(registry, "lox.workers.queued", "two")).isZero();
    }

    @Test
    void shouldAddUpWorkersOfOneName() {
        metrics.bindTo(registry);
        Workers one = metrics.monitor(Workers.threads(2).named("same"));
        Workers other = metrics.monitor(Workers.threads(3).named("same"));

        assertThat(gauge(registry, "lox.workers.limit", "same")).isEqualTo(5);
        Lox.on(one, LoxMetricsTest::increment).gather(List.of(1));
        Lox.on(other, LoxMetricsTest::increment).gather(List.of(1));
        assertThat(count(registry, "lox.task.duration", "workers", "same", "outcome", "succeeded"))
                .isEqualTo(2);
    }

    @Test
    void shouldServeSeveralRegistriesBoundAtAnyTime() {
        Scatter<Integer, Integer> increment =
                Lox.on(metrics.monitor(Workers.threads(2).named("two")), LoxMetricsTest::increment);
        increment.gather(List.of(1)); // seen by nobody
        metrics.bindTo(registry);
        increment.gather(List.of(1, 2));
        SimpleMeterRegistry late = new SimpleMeterRegistry();
        metrics.bindTo(late);
        metrics.bindTo(late);
        increment.gather(List.of(1, 2, 3));

        assertThat(count(registry, "lox.task.duration", "outcome", "succeeded")).isEqualTo(5);
        assertThat(count(late, "lox.task.duration", "outcome", "succeeded")).isEqualTo(3);
        assertThat(gauge(late, "lox.workers.limit", "two")).isEqualTo(2);
    }

    @Test
    void shouldAddFurtherTagsToEachMeter() {
        LoxMetrics tagged = LoxMetrics.create(Tag.of("region", "north"));
        tagged.bindTo(registry);
        Lox.on(tagged.monitor(Workers.threads(1)), LoxMetricsTest::increment).gather(List.of(1));

        assertThat(registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getTag("region")).isEqualTo("north"));
    }

    @Test
    void shouldDescribeEachMeterAndNameItAlike() {
        metrics.bindTo(registry);
        Lox.on(metrics.monitor(Workers.threads(1)), LoxMetricsTest::increment).gather(List.of(1));

        assertThat(registry.getMeters()).extracting(Meter::getId).isNotEmpty().allSatisfy(id -> {
            assertThat(id.getDescription()).isNotBlank();
            assertThat(id.getName()).startsWith("lox.").matches("[a-z.]+");
        });
    }

    @Test
    void shouldShowSuccessesAndFailuresFromZeroOn() {
        metrics.bindTo(registry);
        Lox.on(metrics.monitor(Workers.threads(1)), LoxMetricsTest::increment).gather(List.of(1));

        assertThat(registry.get("lox.task.duration")
                        .tag("outcome", "failed")
                        .timer()
                        .count())
                .isZero();
    }

    @Test
    void shouldCountNamesBeyondAHundredAsOther() {
        metrics.bindTo(registry);
        for (int i = 0; i < 150; i++) {
            Workers workers = metrics.monitor(Workers.inline().named("workers-" + i));
            assertThat(Lox.on(workers, LoxMetricsTest::increment).gather(List.of(i)))
                    .containsExactly(i + 1);
        }

        assertThat(count(registry, "lox.task.duration", "workers", "other", "outcome", "succeeded"))
                .isEqualTo(50);
        assertThat(count(registry, "lox.task.duration", "outcome", "succeeded")).isEqualTo(150);
        assertThat(registry.find("lox.workers.limit").gauges()).hasSize(101);
    }

    @Test
    void shouldCountEveryTaskOfManyThreads() throws InterruptedException {
        metrics.bindTo(registry);
        Workers workers = metrics.monitor(Workers.threads(4).named("four"));
        Scatter<Integer, Integer> even = Lox.on(workers, LoxMetricsTest::even);
        AtomicInteger gathered = new AtomicInteger();
        Thread[] threads = IntStream.range(0, 6)
                .mapToObj(t -> new Thread(() -> {
                    for (int i = 0; i < 50; i++) {
                        try (Batch<Integer, Integer> batch = even.batch()) {
                            IntStream.range(0, 40).forEach(batch::scatter);
                            gathered.addAndGet(batch.gatherSettled().size());
                        }
                        if (i % 10 == 0) {
                            metrics.bindTo(new SimpleMeterRegistry());
                        }
                    }
                }))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(gathered).hasValue(12_000);
        assertThat(count(registry, "lox.task.duration", "outcome", "succeeded")).isEqualTo(6_000);
        assertThat(count(registry, "lox.task.duration", "outcome", "failed")).isEqualTo(6_000);
        assertThat(count(registry, "lox.task.wait")).isBetween(1L, 12_000L); // not all, of tasks as short as these
        assertThat(count(registry, "lox.batch.duration", "outcome", "completed"))
                .isEqualTo(300);
    }

    @Test
    void shouldMeasureEachFunctionOfAChainOnItsOwnWorkers() {
        metrics.bindTo(registry);
        Workers first = metrics.monitor(Workers.threads(1).named("first"));
        Workers second = metrics.monitor(Workers.threads(1).named("second"));
        Scatter<Integer, Integer> chain =
                Lox.on(first, LoxMetricsTest::increment).andThen(Lox.on(second, LoxMetricsTest::increment));

        assertThat(chain.gather(List.of(1, 2, 3))).containsExactly(3, 4, 5);

        assertThat(count(registry, "lox.task.duration", "workers", "first", "outcome", "succeeded"))
                .isEqualTo(3);
        assertThat(count(registry, "lox.task.duration", "workers", "second", "outcome", "succeeded"))
                .isEqualTo(3);
        assertThat(count(registry, "lox.batch.duration", "workers", "first")).isEqualTo(1);
    }

    @Test
    void shouldTellFurtherListenersToo() {
        AtomicInteger told = new AtomicInteger();
        metrics.bindTo(registry);
        Workers workers = metrics.monitor(Workers.threads(1), new TaskListener() {
            @Override
            public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
                told.incrementAndGet();
            }
        });
        Lox.on(workers, LoxMetricsTest::increment).gather(List.of(1, 2));

        assertThat(told).hasValue(2);
        assertThat(count(registry, "lox.task.duration")).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldRefuseNullAndABuilderThatHasListeners() {
        assertThatThrownBy(() -> metrics.bindTo(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> metrics.monitor(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> metrics.monitor(Workers.threads(1), (TaskListener) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> LoxMetrics.create((Tag) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> metrics.monitor(Workers.threads(1).listeners(new TaskListener() {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("listeners");
    }
}
