package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskListener;
import lox.sync.event.WorkerEnd;
import lox.sync.event.WorkerEvent;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lox itself writes into a recording is what is read from it. */
class RecordedRunTest {
    private static final List<Integer> NUMBERS = IntStream.range(0, 500).boxed().toList();

    @TempDir
    Path folder = Path.of("");

    /** Names that a JDK 17 keeps in each recording: up to 16 characters. */
    private static final class Jobs {
        private static final AtomicInteger calls = new AtomicInteger();

        static int fail(int i) {
            if (i % 100 == 0 || (i == 1 && calls.getAndIncrement() == 0)) {
                throw new IllegalStateException("job " + i);
            }
            return i;
        }

        static int halt(int i) {
            if (i == 3) {
                Runtime.getRuntime().halt(9);
            }
            return i;
        }
    }

    private Run recorded(Runnable work) throws IOException {
        Path file = folder.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("lox.Task").withoutThreshold();
            recording.enable("lox.Worker").withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return Timeline.read(file).run();
    }

    private static int mostAtOnce(List<Attempt> attempts) {
        int most = 0;
        for (Attempt one : attempts) {
            long during = attempts.stream()
                    .filter(other -> other.started() <= one.started() && one.started() < other.ended())
                    .count();
            most = Math.max(most, (int) during);
        }
        return most;
    }

    @Test
    void shouldShowThreadsFailuresAndAttempts() throws Exception {
        Jobs.calls.set(0);
        try (Workers workers = Workers.threads(3)
                .named("jobs")
                .retry(2, failure -> "job 1".equals(failure.getMessage()))
                .build()) {
            Scatter<Integer, Integer> jobs = Lox.on(workers, Jobs::fail);
            Run run = recorded(() -> {
                NUMBERS.forEach(jobs::scatter);
                assertThat(jobs.gatherSettled()).hasSize(500);
            });

            assertThat(run.tasks()).isEqualTo(500);
            assertThat(run.count(TaskEnd.FAILED)).isEqualTo(5);
            assertThat(run.count(TaskEnd.RETRIED)).isEqualTo(1);
            assertThat(run.count(TaskEnd.SUCCEEDED)).isEqualTo(495);
            assertThat(run.attempts())
                    .filteredOn(attempt -> attempt.index() == 1 && attempt.tasks() == 1)
                    .extracting(Attempt::attempt)
                    .containsExactly(1, 2);
            assertThat(run.lanes())
                    .isNotEmpty()
                    .allSatisfy(lane -> assertThat(lane.worker()).startsWith("jobs-"));
            assertThat(mostAtOnce(run.attempts())).isBetween(1, 3); // a fourth thread may take over from one of three
            assertThat(run.functions())
                    .singleElement()
                    .satisfies(function -> assertThat(function.function()).isEqualTo("Jobs.fail"));
            assertThat(run.busy()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void shouldShowAProcessThatCrashed() throws Exception {
        Path picture = folder.resolve("run.html");
        AtomicInteger ended = new AtomicInteger();
        TaskListener ends = new TaskListener() {
            @Override
            public void workerEnded(WorkerEvent worker, WorkerEnd end) {
                ended.incrementAndGet();
            }
        };
        Run run = recorded(() -> {
            try (Workers workers =
                    Workers.processes(1).named("jvms").listeners(ends).build()) {
                Scatter<Integer, Integer> jobs = Lox.on(workers, Jobs::halt);
                NUMBERS.subList(0, 20).forEach(jobs::scatter);
                assertThat(jobs.gatherSettled()).hasSize(20);
            }
            Patience.until("the ends of the crashed process and of the next one are told", () -> ended.get() == 2);
        });
        assertThat(run.tasks()).isEqualTo(20);
        assertThat(run.count(TaskEnd.SUCCEEDED)).isEqualTo(19);
        assertThat(run.crashes()).singleElement().satisfies(span -> {
            assertThat(span.worker().worker()).startsWith("jvms-");
            assertThat(span.worker().pid()).isPositive();
        });
        Timeline.read(folder.resolve("run.jfr")).writeHtml(picture);
        assertThat(Files.readString(picture)).contains("Jobs.halt");
    }
}
