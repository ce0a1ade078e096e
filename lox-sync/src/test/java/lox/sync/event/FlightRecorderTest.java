package lox.sync.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.internal.jfr.Recorder;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flight recorder's events, with Workers that were there before the recording began, and without a listener. */
class FlightRecorderTest {
    private static final Duration LONG = Duration.ofMillis(30);
    private static final int TASKS = 20_000;

    @TempDir
    private Path directory;

    private final Scatter<Integer, Integer> nap =
            Lox.on(Workers.threads(2).named("nap").build(), Nap::nap);

    /**
     * Names of up to 16 characters are written into each event; longer ones go into the recorder's pool of strings, and
     * JDK 17 loses the pool of all recordings but a JVM's first: they have no name then, of any event.
     */
    private static final class Nap {
        private static int nap(int millis) {
            if (millis < 0) {
                throw new IllegalArgumentException("negative");
            }
            long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return millis;
        }
    }

    private Path record(Duration threshold, Runnable work, String... events) throws IOException {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            for (String event : events) {
                recording.enable(event).withThreshold(threshold);
            }
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return file;
    }

    /** Those of this test's Workers: a recording has what tests before it in the same JVM have left running, too. */
    private static List<RecordedEvent> events(Path file, String name, String workers) throws IOException {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .filter(event -> workers.equals(event.getString("workers")))
                .toList();
    }

    @Test
    void shouldRecordEachTask() throws IOException {
        nap.gather(List.of(0)); // before the recording
        Path file = record(
                Duration.ZERO,
                () -> nap.gather(IntStream.range(0, TASKS).map(i -> 0).boxed().toList()),
                "lox.Task");

        List<RecordedEvent> tasks = events(file, "lox.Task", "nap");
        assertThat(tasks.stream().mapToLong(task -> task.getLong("index")).sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, TASKS).mapToObj(i -> (long) i).toList());
        assertThat(tasks).allSatisfy(task -> {
            assertThat(task.getString("workers")).isEqualTo("nap");
            assertThat(task.getString("function")).isEqualTo("Nap.nap");
            assertThat(task.getString("worker")).startsWith("nap-");
            assertThat(task.getString("end")).isEqualTo("SUCCEEDED");
            assertThat(task.getInt("attempt")).isEqualTo(1);
            assertThat(task.getInt("tasks")).isEqualTo(1);
            assertThat(task.getStackTrace()).isNull();
        });
    }

    @Test
    void shouldRecordLongTasksAlone() throws IOException {
        Path file = record(
                LONG,
                () -> {
                    nap.scatter((int) LONG.toMillis());
                    IntStream.range(0, TASKS).map(i -> 0).forEach(nap::scatter);
                    nap.scatter((int) LONG.toMillis());
                    nap.gather();
                },
                "lox.Task");

        List<RecordedEvent> tasks = events(file, "lox.Task", "nap");
        assertThat(tasks).allSatisfy(task -> assertThat(task.getDuration()).isGreaterThanOrEqualTo(LONG));
        assertThat(tasks).anySatisfy(task -> assertThat(task.getLong("index")).isZero());
        assertThat(tasks).anySatisfy(task -> {
            long first = task.getLong("index");
            assertThat(TASKS + 1L).isBetween(first, first + task.getInt("tasks") - 1); // it may be one of a run
        });
    }

    @Test
    void shouldRecordFailuresAndBatches() throws IOException {
        Path file = record(
                Duration.ZERO,
                () -> {
                    nap.scatter(0);
                    nap.scatter(-1);
                    nap.gatherSettled();
                },
                "lox.Task",
                "lox.Batch");

        assertThat(events(file, "lox.Task", "nap"))
                .extracting(task -> task.getString("end"))
                .containsExactlyInAnyOrder("SUCCEEDED", "FAILED");
        assertThat(events(file, "lox.Batch", "nap")).singleElement().satisfies(batch -> {
            assertThat(batch.getString("workers")).isEqualTo("nap");
            assertThat(batch.getString("function")).isEqualTo("Nap.nap");
            assertThat(batch.getLong("tasks")).isEqualTo(2);
            assertThat(batch.getString("end")).isEqualTo("COMPLETED");
            assertThat(batch.getDuration()).isPositive();
        });
    }

    @Test
    void shouldRecordProcesses() throws Exception {
        Path file = record(
                Duration.ZERO,
                () -> {
                    try (Workers jvms = Workers.processes(1).named("filmed").build()) {
                        Lox.on(jvms, Nap::nap).gather(List.of(0, 0));
                        jvms.shutdown();
                        jvms.awaitTermination(Patience.LIMIT);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    Patience.until(
                            "no thread of the process is left",
                            () -> Thread.getAllStackTraces().keySet().stream()
                                    .noneMatch(thread -> thread.getName().equals("filmed-worker-1")));
                },
                "lox.Task",
                "lox.Worker");

        assertThat(events(file, "lox.Task", "filmed"))
                .hasSize(2)
                .extracting(task -> task.getString("worker"))
                .containsOnly("filmed-worker-1");
        assertThat(events(file, "lox.Worker", "filmed")).singleElement().satisfies(worker -> {
            assertThat(worker.getString("workers")).isEqualTo("filmed");
            assertThat(worker.getString("worker")).isEqualTo("filmed-worker-1");
            assertThat(worker.getString("end")).isEqualTo("ENDED");
            assertThat(worker.getLong("pid")).isPositive();
            assertThat(worker.getLong("sent")).isPositive();
            assertThat(worker.getLong("received")).isPositive();
        });
    }

    @Test
    void shouldBeOffByDefaultAndNameWhatItRecords() {
        nap.gather(List.of(0)); // events are known once they could have happened
        assertThat(Recorder.worker()).isNull();
        assertThat(FlightRecorder.getFlightRecorder().getEventTypes())
                .filteredOn(type -> type.getName().startsWith("lox."))
                .hasSize(3)
                .allSatisfy(type -> {
                    assertThat(type.isEnabled()).isFalse();
                    assertThat(type.getCategoryNames()).containsExactly("lox");
                    assertThat(type.getLabel()).isNotBlank();
                    assertThat(type.getFields())
                            .filteredOn(field -> !List.of("startTime", "duration", "eventThread", "stackTrace")
                                    .contains(field.getName()))
                            .allSatisfy(field -> assertThat(field.getLabel()).isNotBlank());
                });
    }

    @Test
    void shouldBeReadableByTheJfrCommand() throws IOException {
        Path file = record(Duration.ZERO, () -> nap.gather(List.of(1)), "lox.Task", "lox.Batch");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
                        "print",
                        "--events",
                        "lox.*",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text).contains("lox.Task {", "function = \"Nap.nap\"", "lox.Batch {", "tasks = 1");
    }
}
