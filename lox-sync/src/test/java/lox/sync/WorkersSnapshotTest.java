package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class WorkersSnapshotTest {
    private final CountDownLatch running = new CountDownLatch(2);
    private final CountDownLatch end = new CountDownLatch(1);

    private int wait(int number) throws InterruptedException {
        running.countDown();
        end.await();
        return number;
    }

    @Test
    void shouldShowWhatThreadsAreAt() throws InterruptedException {
        Workers two = Workers.threads(2).named("fetch").build();
        Scatter<Integer, Integer> waiting = Lox.on(two, this::wait);
        IntStream.range(0, 7).forEach(waiting::scatter);
        assertThat(running.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        Patience.until("both are seen", () -> two.snapshot().tasks().size() == 2);
        WorkersSnapshot snapshot = two.snapshot();
        String text = two.toString();
        end.countDown();
        waiting.gather();

        assertThat(snapshot.name()).isEqualTo("fetch");
        assertThat(snapshot.limit()).isEqualTo(2);
        assertThat(snapshot.active()).isEqualTo(2);
        assertThat(snapshot.queued()).isEqualTo(5);
        assertThat(snapshot.tasks())
                .extracting(WorkersSnapshot.RunningTask::function)
                .containsOnly("WorkersSnapshotTest.wait");
        assertThat(snapshot.tasks())
                .extracting(WorkersSnapshot.RunningTask::worker)
                .containsExactlyInAnyOrder("fetch-1", "fetch-2");
        assertThat(snapshot.toString())
                .startsWith("fetch: 2 of at most 2 at work, 5 queued")
                .contains("fetch-1 at WorkersSnapshotTest.wait for ");
        assertThat(text).isEqualTo("Workers[fetch, at most 2, 2 at work, 5 queued]");
        Patience.until("all is quiet", () -> two.snapshot().active() == 0);
        assertThat(two.snapshot())
                .isEqualTo(new WorkersSnapshot("fetch", 2, 0, 0, List.of(), WorkersSnapshot.Processes.NONE));
    }

    @Test
    void shouldCountWhatWaitsForALaterFunction() throws InterruptedException {
        Workers one = Workers.threads(1).build();
        Scatter<Integer, Integer> chain = Lox.thread(2, (Integer i) -> i).andThen(Lox.on(one, this::wait));
        IntStream.range(0, 5).forEach(chain::scatter);
        Patience.until("four wait", () -> one.snapshot().queued() == 4);
        end.countDown();
        assertThat(chain.gather()).hasSize(5);
        assertThat(one.snapshot().queued()).isZero();
    }

    @Test
    void shouldShowProcesses() {
        try (Workers jvms = Workers.processes(1).named("render").build()) {
            Scatter<Integer, Integer> exit = Lox.on(jvms, number -> {
                if (number == 0) {
                    Runtime.getRuntime().halt(1);
                }
                return number;
            });
            exit.scatter(0);
            exit.scatter(1);
            assertThat(exit.gatherSettled()).hasSize(2);
            Patience.until("the process is idle", () -> jvms.snapshot().active() == 0);
            WorkersSnapshot.Processes processes = jvms.snapshot().processes();

            assertThat(processes.started()).isEqualTo(2);
            assertThat(processes.crashed()).isEqualTo(1);
            assertThat(processes.killed()).isZero();
            assertThat(processes.sentBytes()).isPositive();
            assertThat(processes.receivedBytes()).isPositive();
            assertThat(processes.live()).singleElement().satisfies(process -> {
                assertThat(process.name()).isEqualTo("render-worker-2");
                assertThat(ProcessHandle.of(process.pid())).isPresent();
                assertThat(process.toString()).startsWith("render-worker-2, process " + process.pid() + ", idle");
            });
        }
    }

    @Test
    void shouldShowNothingOfWhatRunsInTheCallersThread() {
        Workers inline = Workers.inline().named("here").build();
        Lox.on(inline, (Integer i) -> i).gather(List.of(1));
        assertThat(inline.snapshot().toString()).isEqualTo("here: 0 of at most 0 at work, 0 queued");
        assertThat(inline).hasToString("Workers[here, inline]");
    }
}
