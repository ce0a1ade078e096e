package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Workers;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final BatchEvent BATCH = SampleRun.batch(1, "w", "f");

    @Test
    void shouldBeginWithTheFirstScatterAndEndWithTheLastAttempt() {
        SampleRun run = new SampleRun(1_000);
        run.task(BATCH, 0, "w-1", 5, 10, 4, TaskEnd.SUCCEEDED).task(BATCH, 1, "w-2", 7, 2, 1, TaskEnd.SUCCEEDED);
        Run taken = run.timeline().run();
        assertThat(taken.from()).isEqualTo(1_000 + SampleRun.MILLI);
        assertThat(taken.wallNanos()).isEqualTo(14 * SampleRun.MILLI);
        assertThat(taken.busy()).isCloseTo(12.0 / 28, within(1e-9));
    }

    @Test
    void shouldNotCountAnAttemptThatIsFollowedByAnother() {
        SampleRun run = new SampleRun();
        run.task(BATCH, 0, 1, "w-1", 0, 1, 0, TaskEnd.RETRIED)
                .task(BATCH, 0, 2, "w-1", 1, 1, 0, TaskEnd.SUCCEEDED)
                .task(BATCH, 1, "w-1", 2, 1, 2, TaskEnd.FAILED)
                .task(BATCH, 2, "", 3, 0, 3, TaskEnd.CANCELLED);
        Run taken = run.timeline().run();
        assertThat(taken.tasks()).isEqualTo(3);
        assertThat(taken.withoutResult()).isEqualTo(2);
        assertThat(taken.attempts()).hasSize(3);
        assertThat(taken.dropped()).hasSize(1);
        assertThat(run.timeline())
                .hasToString("Timeline[3 tasks on 1 worker in 3.00 ms, 1 failed, 1 retried, 1 cancelled]");
    }

    @Test
    void shouldGiveOverlappingAttemptsRowsOfTheirOwn() {
        SampleRun run = new SampleRun();
        run.task(BATCH, 0, "w-10", 0, 10, 0, TaskEnd.TIMED_OUT)
                .task(BATCH, 1, "w-10", 5, 10, 0, TaskEnd.SUCCEEDED)
                .task(BATCH, 2, "w-10", 10, 10, 0, TaskEnd.SUCCEEDED)
                .task(BATCH, 3, "w-9", 1, 1, 0, TaskEnd.SUCCEEDED);
        Run taken = run.timeline().run();
        assertThat(taken.lanes()).extracting(Lane::worker).containsExactly("w-9", "w-10");
        assertThat(taken.lanes()).extracting(Lane::rows).containsExactly(1, 2);
        assertThat(taken.attempts()).extracting(Attempt::index).containsExactly(0L, 3L, 1L, 2L);
        assertThat(List.of(taken.row(0), taken.row(1), taken.row(2), taken.row(3)))
                .containsExactly(1, 0, 2, 1);
        assertThat(taken.lanes().get(1).busyNanos()).isEqualTo(20 * SampleRun.MILLI);
    }

    /** Of virtual threads, say. */
    @Test
    void shouldShowTheTasksOfThreadsWithoutAName() throws Exception {
        Timeline timeline = Timeline.create();
        ExecutorService nameless = Executors.newCachedThreadPool(body -> new Thread(null, body, ""));
        CyclicBarrier together = new CyclicBarrier(2);
        Workers workers = Workers.executor(nameless, 2).listeners(timeline).build();
        Lox.on(workers, (Integer i) -> together.await(Patience.SECONDS, TimeUnit.SECONDS))
                .gather(List.of(1, 2));
        nameless.shutdown();

        Run taken = timeline.run();
        assertThat(taken.dropped()).isEmpty();
        assertThat(taken.lanes()).singleElement().satisfies(lane -> {
            assertThat(lane.worker()).isEqualTo("unnamed");
            assertThat(lane.rows()).isEqualTo(2);
        });
        assertThat(timeline.toString()).startsWith("Timeline[2 tasks on 1 worker in ");
    }

    @Test
    void shouldTakeTasksWithoutLength() {
        SampleRun run = new SampleRun();
        for (int i = 0; i < 3; i++) {
            run.task(BATCH, i, "w-1", 0, 0, 0, TaskEnd.SUCCEEDED);
        }
        Run taken = run.timeline().run();
        assertThat(taken.wallNanos()).isZero();
        assertThat(taken.busy()).isZero();
        assertThat(taken.lanes()).extracting(Lane::rows).containsExactly(1);
    }

    @Test
    void shouldKeepTheLanesOfTwoWorkersApart() {
        SampleRun run = new SampleRun();
        run.task(BATCH, 0, "shared-1", 0, 1, 0, TaskEnd.SUCCEEDED)
                .task(SampleRun.batch(2, "v", "f"), 0, "shared-1", 1, 2, 0, TaskEnd.FAILED);
        Run taken = run.timeline().run();
        assertThat(taken.lanes()).extracting(Lane::workers).containsExactly("v", "w");
        assertThat(taken.functions()).extracting(FunctionFigures::workers).containsExactly("v", "w");
        assertThat(taken.count(TaskEnd.FAILED)).isEqualTo(1);
    }

    @Test
    void shouldCountTheTimeOfAProcessThatWasThereForAPart() {
        Timeline timeline = Timeline.create();
        WorkerEvent process = new WorkerEvent("w", "w-1", 42, System.nanoTime() - 50 * SampleRun.MILLI);
        timeline.workerStarted(process);
        timeline.workerEnded(process, WorkerEnd.CRASHED);
        Run taken = timeline.run();
        assertThat(taken.crashes()).hasSize(1);
        assertThat(taken.wallNanos()).isGreaterThanOrEqualTo(50 * SampleRun.MILLI);
        assertThat(taken.busy()).isZero();
    }

    /** Events have names alone: the workers of two that have one name share lanes. */
    @Test
    void shouldKeepEachProcessOfALane() {
        Run taken = SampleRun.withTwoOfOneName().timeline().run();
        assertThat(taken.crashes()).hasSize(2);
        assertThat(taken.lanes())
                .singleElement()
                .satisfies(lane -> assertThat(lane.presentNanos(taken.from(), taken.until()))
                        .isEqualTo(20 * SampleRun.MILLI));
        assertThat(taken.busy()).isCloseTo(15.0 / 20, within(1e-9));
    }

    @Test
    void shouldCountTheTimeOfProcessesThatWereThereTogetherOnce() {
        SampleRun run = new SampleRun(0);
        run.task(BATCH, 0, "w-1", 0, 100, 0, TaskEnd.SUCCEEDED)
                .crash("w", "w-1", 3, 20, 30)
                .crash("w", "w-1", 1, 0, 10)
                .crash("w", "w-1", 2, 5, 15)
                .crash("w", "w-1", 4, 22, 24)
                .process("w", "w-1", 5, 90);
        Run taken = run.timeline().run();
        assertThat(taken.lanes().get(0).presentNanos(taken.from(), taken.until()))
                .isEqualTo((15 + 10 + 10) * SampleRun.MILLI);
        assertThat(taken.crashes()).hasSize(4);
    }

    @Test
    void shouldFindTheMedians() {
        SampleRun run = new SampleRun();
        for (int i = 1; i <= 5; i++) {
            run.task(BATCH, i, "w-1", 10 * i, i, 2 * i, TaskEnd.SUCCEEDED);
        }
        assertThat(run.timeline().run().functions()).singleElement().satisfies(function -> {
            assertThat(function.medianRun()).isEqualTo(3 * SampleRun.MILLI);
            assertThat(function.longestRun()).isEqualTo(5 * SampleRun.MILLI);
            assertThat(function.medianWait()).isEqualTo(6 * SampleRun.MILLI);
            assertThat(function.totalRun()).isEqualTo(15 * SampleRun.MILLI);
        });
    }

    @Test
    void shouldFollowTheQueue() {
        SampleRun run = new SampleRun(0);
        run.task(BATCH, 0, "w-1", 0, 4, 0, TaskEnd.SUCCEEDED)
                .task(BATCH, 1, "w-1", 4, 1, 4, TaskEnd.SUCCEEDED)
                .task(BATCH, 2, "w-1", 5, 1, 3, TaskEnd.SUCCEEDED)
                .task(BATCH, 3, "w-1", 6, 1, -1, TaskEnd.SUCCEEDED);
        QueueDepth queue = QueueDepth.of(run.timeline().run().all());
        assertThat(IntStream.range(0, queue.changes()).mapToLong(queue::time))
                .containsExactly(0L, 2 * SampleRun.MILLI, 4 * SampleRun.MILLI, 5 * SampleRun.MILLI);
        assertThat(IntStream.range(0, queue.changes()).map(queue::depth)).containsExactly(1, 2, 1, 0);
    }
}
