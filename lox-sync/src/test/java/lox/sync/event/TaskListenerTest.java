package lox.sync.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import lox.sync.Batch;
import lox.sync.Lox;
import lox.sync.RetryPolicy;
import lox.sync.Scatter;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener is told of tasks in threads. */
class TaskListenerTest {
    private final EventLog log = new EventLog();

    @AfterEach
    void shouldFitTogether() {
        assertThat(log.faults).isEmpty();
    }

    private Scatter<Integer, Integer> half() {
        return Lox.on(Workers.threads(4).named("half").listeners(log).build(), TaskListenerTest::halve);
    }

    private static int halve(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative");
        }
        return number / 2;
    }

    @Test
    void shouldTellOfEachTaskOnce() {
        int tasks = 10_000;
        half().gather(IntStream.range(0, tasks).boxed().toList());

        assertThat(log.started.stream().map(TaskEvent::index).sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, tasks).mapToObj(i -> (long) i).toList());
        assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.SUCCEEDED, tasks));
        assertThat(log.scatteredTasks()).isEqualTo(tasks);
        assertThat(log.underWay()).isEmpty();
        assertThat(log.started).allSatisfy(task -> {
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.worker()).startsWith("half-");
            assertThat(task.waitedNanos()).isNotNegative();
        });
    }

    @Test
    void shouldTellOfTheBatch() {
        Scatter<Integer, Integer> half = half();
        IntStream.range(0, 10).forEach(half::scatter);
        half.gather();

        BatchEvent batch = log.opened.element();
        assertThat(log.opened).hasSize(1);
        assertThat(batch.workers()).isEqualTo("half");
        assertThat(batch.function()).isEqualTo("TaskListenerTest.halve");
        assertThat(log.sealed).isEqualTo(Map.of(batch, 10L));
        assertThat(log.batchEnds).isEqualTo(Map.of(batch, BatchEnd.COMPLETED));
        assertThat(log.started).extracting(TaskEvent::batch).containsOnly(batch);
        half.gather(List.of(1));
        assertThat(log.opened).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void shouldTellOfFailures() {
        assertThatThrownBy(() -> half().gather(List.of(-1))).isInstanceOf(IllegalArgumentException.class);

        assertThat(log.ended).singleElement().satisfies(ended -> {
            assertThat(ended.end()).isEqualTo(TaskEnd.FAILED);
            assertThat(ended.failure()).hasMessage("negative");
        });
        assertThat(log.batchEnds).containsValue(BatchEnd.FAILED);
    }

    @Test
    void shouldTellOfWhatIsDroppedAndOfWhatIsCancelled() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Workers one = Workers.threads(1).listeners(log).build();
        Scatter<Integer, Integer> stuck = Lox.on(one, i -> {
            running.countDown();
            new CountDownLatch(1).await();
            return i;
        });
        Batch<Integer, Integer> batch = stuck.batch();
        IntStream.range(0, 5).forEach(batch::scatter);
        assertThat(running.await(Patience.SECONDS, java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
        batch.close();

        Patience.until("the task has ended", () -> log.underWay().isEmpty() && log.ended.size() == 5);
        assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.CANCELLED, 1, TaskEnd.DROPPED, 4));
        assertThat(log.batchEnds).containsValue(BatchEnd.CANCELLED);
        assertThat(log.sealed).containsValue(5L);
        assertThat(log.opened.element().function())
                .isEqualTo("TaskListenerTest.shouldTellOfWhatIsDroppedAndOfWhatIsCancelled.lambda");
    }

    @Test
    void shouldTellOfEachAttempt() {
        Workers persistent = Workers.threads(2)
                .retry(RetryPolicy.times(2).backoff(Duration.ofMillis(1), Duration.ofMillis(2)))
                .listeners(log)
                .build();
        assertThatThrownBy(() -> Lox.on(persistent, TaskListenerTest::halve).gather(List.of(-1)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(log.started).extracting(TaskEvent::attempt).containsExactly(1, 2, 3);
        assertThat(log.ended)
                .extracting(EventLog.Ended::end)
                .containsExactly(TaskEnd.RETRIED, TaskEnd.RETRIED, TaskEnd.FAILED);
    }

    @Test
    void shouldTellOfATimeoutWhetherOrNotItIsHeeded() {
        CountDownLatch never = new CountDownLatch(1);
        Workers hasty = Workers.threads(2)
                .taskTimeout(Duration.ofMillis(20))
                .listeners(log)
                .build();
        Scatter<Boolean, Integer> slow = Lox.on(hasty, heeds -> {
            while (!heeds) {
                if (never.getCount() == 0) {
                    return 0;
                }
                Thread.onSpinWait();
            }
            never.await();
            return 1;
        });
        assertThatThrownBy(() -> slow.gather(List.of(true))).isInstanceOf(TaskTimeoutException.class);
        assertThatThrownBy(() -> slow.gather(List.of(false))).isInstanceOf(TaskTimeoutException.class);
        never.countDown();

        assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.TIMED_OUT, 2));
        assertThat(log.underWay()).isEmpty();
    }

    @Test
    void shouldTellOfASubmitAsABatchOfOne() {
        assertThat(half().submit(8).join()).isEqualTo(4);

        assertThat(log.sealed).hasSize(1).containsValue(1L);
        assertThat(log.started).extracting(TaskEvent::index).containsExactly(0L);
        assertThat(log.batchEnds).containsValue(BatchEnd.COMPLETED);
    }

    @Test
    void shouldTellOfAMapAsOneBatch() {
        int tasks = 5_000; // more than two segments
        assertThat(half().map(IntStream.range(0, tasks).boxed()).count()).isEqualTo(tasks);

        assertThat(log.opened).hasSize(1);
        assertThat(log.started.stream().map(TaskEvent::index).sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, tasks).mapToObj(i -> (long) i).toList());
        assertThat(log.batchEnds).hasSize(1).containsValue(BatchEnd.COMPLETED);
        assertThat(log.sealed).containsValue((long) tasks);
    }

    @Test
    void shouldTellOfAMapThatIsNotReadToItsEnd() {
        try (var halves = half().map(IntStream.range(0, 5_000).boxed())) {
            assertThat(halves.iterator().next()).isZero();
        }
        Patience.until("the batch has ended", () -> log.batchEnds.containsValue(BatchEnd.CANCELLED));
    }

    @Test
    void shouldTellEachFunctionOfAChainOfItsOwnTasks() {
        EventLog second = new EventLog();
        Scatter<Integer, Integer> next =
                Lox.on(Workers.threads(2).named("next").listeners(second).build(), i -> i + 1);
        half().andThen(next).gather(IntStream.range(0, 100).boxed().toList());

        assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.SUCCEEDED, 100));
        assertThat(second.ends()).isEqualTo(Map.of(TaskEnd.SUCCEEDED, 100));
        assertThat(second.opened).isEmpty();
        assertThat(second.faults).isEmpty();
        BatchEvent batch = log.opened.element();
        assertThat(second.started).allSatisfy(task -> {
            assertThat(task.batch().id()).isEqualTo(batch.id());
            assertThat(task.batch().workers()).isEqualTo("next");
            assertThat(task.waitedNanos()).isNotNegative();
        });
    }

    @Test
    void shouldTellInTheCallersThreadWithoutWorkers() {
        Scatter<Integer, Integer> inline =
                Lox.on(Workers.inline().listeners(log).build(), TaskListenerTest::halve);
        inline.gather(List.of(2, 4));

        assertThat(log.started)
                .extracting(TaskEvent::worker)
                .containsOnly(Thread.currentThread().getName());
        assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.SUCCEEDED, 2));
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void shouldCheckItsArguments() {
        assertThatThrownBy(() -> Workers.threads(1).listeners((TaskListener[]) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("listeners");
        assertThatThrownBy(() -> Workers.threads(1).listeners(log, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("listeners[1]");
        assertThatThrownBy(() -> Workers.threads(1).listeners(log).listeners())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("listeners has been set before");
    }
}
