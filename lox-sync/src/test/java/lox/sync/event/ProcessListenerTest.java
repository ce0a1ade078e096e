package lox.sync.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import lox.sync.process.WorkerCrashedException;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener is told of worker processes and of the tasks in them. */
class ProcessListenerTest {
    private static final int NAP = 20;

    private final EventLog log = new EventLog();

    @AfterEach
    void shouldFitTogether() {
        assertThat(log.faults).isEmpty();
    }

    private static int act(int what) throws InterruptedException {
        if (what == -1) {
            Runtime.getRuntime().halt(3);
        }
        if (what == -2) {
            throw new IllegalArgumentException("negative");
        }
        if (what == -3) {
            Thread.sleep(Long.MAX_VALUE);
        }
        Thread.sleep(what); // for so long at least
        return what;
    }

    @Test
    void shouldTellOfTasksAndWhereTheyRanAndForHowLong() {
        try (Workers jvms = Workers.processes(1).named("render").listeners(log).build()) {
            Lox.on(jvms, ProcessListenerTest::act)
                    .gather(IntStream.range(0, 50)
                            .map(i -> i == 49 ? NAP : 0)
                            .boxed()
                            .toList());

            Map<TaskEnd, Integer> ends = new HashMap<>(log.ends());
            ends.remove(TaskEnd.RETRIED); // a child that is slow to begin is asked to give back what it has not started
            assertThat(ends).isEqualTo(Map.of(TaskEnd.SUCCEEDED, 50));
            assertThat(log.underWay()).isEmpty();
            assertThat(log.started).extracting(TaskEvent::worker).containsOnly("render-worker-1");
            assertThat(log.ended.stream()
                            .filter(ended -> ended.task().index() == 49)
                            .mapToLong(EventLog.Ended::ranNanos))
                    .allMatch(ran -> ran >= Duration.ofMillis(NAP).toNanos());
            WorkerEvent worker = log.workersStarted.element();
            assertThat(worker.workers()).isEqualTo("render");
            assertThat(worker.worker()).isEqualTo("render-worker-1");
            assertThat(ProcessHandle.of(worker.pid()).orElseThrow().info().arguments())
                    .hasValueSatisfying(
                            arguments -> assertThat(Arrays.asList(arguments)).contains("render-worker-1"));
        }
        Patience.until("the process has ended", () -> log.workerEnds.containsValue(WorkerEnd.ENDED));
    }

    @Test
    void shouldTellOfCrashesAndFurtherAttempts() {
        try (Workers jvms = Workers.processes(1).retryCrashed(1).listeners(log).build()) {
            Scatter<Integer, Integer> act = Lox.on(jvms, ProcessListenerTest::act);
            List.of(0, -2, -1, 0).forEach(act::scatter);
            assertThat(act.gatherSettled()).hasSize(4);

            assertThat(log.underWay()).isEmpty();
            Map<TaskEnd, Integer> ends = log.ends();
            assertThat(ends).containsEntry(TaskEnd.SUCCEEDED, 2).containsEntry(TaskEnd.FAILED, 1);
            assertThat(ends).containsEntry(TaskEnd.CRASHED, 1).containsKey(TaskEnd.RETRIED);
            assertThat(log.ended.stream()
                            .filter(ended -> ended.end() == TaskEnd.CRASHED)
                            .findFirst())
                    .hasValueSatisfying(crashed -> {
                        assertThat(crashed.task().attempt()).isEqualTo(2);
                        assertThat(crashed.failure()).isInstanceOf(WorkerCrashedException.class);
                    });
            Patience.until(
                    "two processes have crashed",
                    () -> log.workerEnds.values().stream()
                                    .filter(WorkerEnd.CRASHED::equals)
                                    .count()
                            == 2);
        }
    }

    @Test
    void shouldTellOfTimeoutsAndKills() {
        try (Workers jvms = Workers.processes(1)
                .taskTimeout(Duration.ofMillis(50))
                .listeners(log)
                .build()) {
            assertThatThrownBy(() -> Lox.on(jvms, ProcessListenerTest::act).gather(List.of(-3)))
                    .isInstanceOf(TaskTimeoutException.class);

            assertThat(log.ends()).containsEntry(TaskEnd.TIMED_OUT, 1);
            Patience.until("the process was killed", () -> log.workerEnds.containsValue(WorkerEnd.KILLED));
        }
    }

    @Test
    void shouldTellOfWhatCannotBeSent() {
        try (Workers jvms = Workers.processes(1).listeners(log).build()) {
            Scatter<Object, Object> same = Lox.on(jvms, argument -> argument);
            same.scatter(new Object());
            assertThat(same.gatherSettled()).hasSize(1);

            assertThat(log.ends()).isEqualTo(Map.of(TaskEnd.FAILED, 1));
            assertThat(log.underWay()).isEmpty();
        }
    }
}
