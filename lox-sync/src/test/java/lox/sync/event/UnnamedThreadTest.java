package lox.sync.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.WorkersSnapshot.RunningTask;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thread without a name, as a virtual thread is unless it is given one, is a worker named "unnamed". */
class UnnamedThreadTest {
    private final EventLog log = new EventLog();

    @TempDir
    private Path directory;

    /** Names of up to 16 characters, see FlightRecorderTest. */
    private static final class Job {
        private static int plus(int number) {
            return number + 1;
        }

        private static int nap(int millis) {
            long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return millis;
        }
    }

    private static Stream<Executor> executors() throws ReflectiveOperationException {
        Executor platform = Executors.newCachedThreadPool(body -> {
            Thread thread = new Thread(null, body, "");
            thread.setDaemon(true);
            return thread;
        });
        return Runtime.version().feature() < 21
                ? Stream.of(platform)
                : Stream.of(platform, (Executor) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null));
    }

    @ParameterizedTest
    @MethodSource("executors")
    void shouldBeAWorkerForListeners(Executor executor) {
        Workers workers = Workers.executor(executor, 2).listeners(log).build();
        Lox.on(workers, Job::plus).gather(IntStream.range(0, 100).boxed().toList());

        assertThat(log.started).hasSize(100).extracting(TaskEvent::worker).containsOnly("unnamed");
        assertThat(log.ended).extracting(ended -> ended.task().worker()).containsOnly("unnamed");
        assertThat(log.faults).isEmpty();
    }

    @Test
    void shouldBeAWorkerWhereTasksRunInTheThreadThatScatters() throws InterruptedException {
        Scatter<Integer, Integer> inline =
                Lox.on(Workers.inline().listeners(log).build(), Job::plus);
        Thread thread = new Thread(null, () -> inline.gather(List.of(1, 2)), "");
        thread.start();
        thread.join(Patience.LIMIT.toMillis());

        assertThat(log.ended)
                .hasSize(2)
                .extracting(ended -> ended.task().worker())
                .containsOnly("unnamed");
    }

    @ParameterizedTest
    @MethodSource("executors")
    void shouldBeAWorkerInASnapshot(Executor executor) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Workers workers = Workers.executor(executor, 2).build();
        Scatter<Integer, Boolean> waiting = Lox.on(workers, i -> end.await(Patience.SECONDS, TimeUnit.SECONDS));
        waiting.scatter(1);
        Patience.until("it is seen", () -> workers.snapshot().tasks().size() == 1);
        assertThat(workers.snapshot().tasks()).extracting(RunningTask::worker).containsExactly("unnamed");
        end.countDown();
        waiting.gather();
    }

    @ParameterizedTest
    @MethodSource("executors")
    void shouldBeAWorkerForTheFlightRecorder(Executor executor) throws IOException {
        Workers workers = Workers.executor(executor, 2).named("nameless").build();
        // With a threshold short tasks are recorded in runs, which have a way of their own.
        for (Duration threshold : List.of(Duration.ZERO, Duration.ofMillis(20))) {
            Scatter<Integer, Integer> naps = Lox.on(workers, Job::nap);
            Path file = directory.resolve(threshold.toMillis() + ".jfr");
            try (Recording recording = new Recording()) {
                recording.enable("lox.Task").withThreshold(threshold);
                recording.start();
                naps.gather(IntStream.range(0, 2_000)
                        .map(i -> i == 1_000 ? 20 : 0)
                        .boxed()
                        .toList());
                recording.stop();
                recording.dump(file);
            }
            assertThat(RecordingFile.readAllEvents(file))
                    .filteredOn(event -> "nameless".equals(event.getString("workers")))
                    .isNotEmpty()
                    .extracting(event -> event.getString("worker"))
                    .containsOnly("unnamed");
        }
    }
}
