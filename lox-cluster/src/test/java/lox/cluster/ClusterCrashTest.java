package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.WorkerCrashedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A crash on a member costs the task that caused it, and nothing else. All of lox-sync's {@code CrashTest} runs on
 * members when a developer asks for it: see CONTRIBUTING.md.
 */
class ClusterCrashTest {
    private static final int TASKS = 20;
    private static final int CULPRIT = 7;

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // before the first test
    private static LocalMembers members;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        members = LocalMembers.start(2, 1);
        cluster = members.join();
    }

    @AfterAll
    static void end() {
        cluster.close();
        members.close();
    }

    /** Ways in which a task takes its process down, or tries to; those by exit and halt are in ClusterScatterTest. */
    private enum Fault {
        NO_HEAP(OutOfMemoryError.class, 0),
        NO_STACK(StackOverflowError.class, 0),
        ABORT(WorkerCrashedException.class, 134),
        KILL(WorkerCrashedException.class, 137);

        private final Class<? extends Throwable> failure;
        private final int exitCode;

        Fault(Class<? extends Throwable> failure, int exitCode) {
            this.failure = failure;
            this.exitCode = exitCode;
        }

        void happen() throws IOException, InterruptedException {
            switch (this) {
                case NO_HEAP -> {
                    Object[] held = {};
                    while (held.length < 3) {
                        held = new Object[] {held, new long[1 << 17]};
                    }
                }
                case NO_STACK -> dive(1);
                case ABORT -> signal("ABRT");
                case KILL -> signal("KILL");
            }
        }

        private static int dive(int depth) {
            return depth < 0 ? 0 : dive(depth + 1) + 1;
        }

        private static void signal(String name) throws IOException, InterruptedException {
            Signals.send(name, ProcessHandle.current().pid());
            new CountDownLatch(1).await(); // until that comes true
        }
    }

    private static Workers workers() {
        return Workers.processes(2)
                .on(cluster)
                .jvmArgs(
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-Xss512k",
                        "-XX:ErrorFile=" + directory.resolve("hs_err_pid%p.log"))
                .output(line -> {})
                .build();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void shouldFailTheCulpritAlone(Fault fault) {
        try (Workers workers = workers()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i == CULPRIT) {
                    fault.happen();
                }
                return -i;
            });
            IntStream.range(0, TASKS).forEach(function::scatter);
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            for (int i = 0; i < TASKS; i++) {
                if (i == CULPRIT) {
                    Throwable failure = ((Outcome.Failure<Integer>) outcomes.get(i)).error();
                    assertThat(failure).isInstanceOf(fault.failure);
                    if (failure instanceof WorkerCrashedException crash) {
                        assertThat(crash.exitCode()).hasValue(fault.exitCode);
                        assertThat(crash).hasMessageContaining(" on local-");
                    }
                } else {
                    assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, -i));
                }
            }
        }
        assertThat(members.processes()).allMatch(Process::isAlive);
    }

    /** Also the results that a worker had and had not sent when it ended. */
    /** It prints two lines, the second of which says why, before its program could come for it. */
    @Test
    void shouldTellTheJvmsWordsWhenOptionsContradictEachOther() {
        try (Workers workers = Workers.processes(1)
                .on(cluster)
                .jvmArgs("-Xms8g", "-Xmx1g")
                .output(line -> {})
                .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            function.scatter(1);
            assertThatThrownBy(function::gather).isInstanceOfSatisfying(WorkerCrashedException.class, crash -> {
                assertThat(crash).hasMessageContaining("nitial heap size");
                assertThat(crash.errorOutput()).anyMatch(line -> line.contains("nitial heap size"));
            });
        }
    }

    @Test
    void shouldRunEachTaskOnceWhateverCrashes() {
        Path runs = directory.resolve("runs");
        String file = runs.toString();
        try (Workers workers = workers()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                TestFiles.add(file, i);
                if (i % 500 == 321) {
                    Runtime.getRuntime().halt(6);
                }
                return -i;
            });
            IntStream.range(0, 2_000).forEach(function::scatter);
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            assertThat(outcomes.stream()
                            .filter(outcome -> outcome instanceof Outcome.Failure)
                            .map(Outcome::index))
                    .containsExactly(321, 821, 1_321, 1_821);
        }
        assertThat(TestFiles.lines(runs)).hasSize(2_000).doesNotHaveDuplicates();
    }
}
