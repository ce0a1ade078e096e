package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.WorkersSnapshot;
import lox.sync.process.WorkerCrashedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker process that cannot start costs no task while another one works. */
class StartFailureTest {
    /** How many tasks a process has begun; each process has its own. */
    private static final AtomicInteger RUN_HERE = new AtomicInteger();

    private static final int TASKS = 20;

    @TempDir
    Path directory;

    @Test
    void shouldRunAllTasksInTheOneWorkerThatStarts() {
        try (Warnings warnings = Warnings.open();
                Workers workers = Workers.processes(3)
                        .output(line -> {})
                        .initialize(number -> {
                            if (number != 2) {
                                throw new IllegalStateException("no licence for number " + number);
                            }
                            return number;
                        })
                        .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                Processes.pause(50);
                return i;
            });
            for (int round = 0; round < 2; round++) {
                IntStream.range(0, TASKS).forEach(function::scatter);
                List<Outcome<Integer>> outcomes = function.gatherSettled();
                assertThat(outcomes).hasSize(TASKS);
                for (int i = 0; i < TASKS; i++) {
                    assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i));
                }
            }
            assertThat(warnings.messages()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldTellOnceThatOthersCannotStart() {
        String release = directory.resolve("release").toString();
        try (Warnings warnings = Warnings.open();
                Workers workers = Workers.processes(2)
                        .output(line -> {})
                        .initialize(number -> {
                            if (number != 1) {
                                throw new IllegalStateException("no licence for number " + number);
                            }
                            return number;
                        })
                        .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                Processes.await("it is released", () -> Files.exists(Path.of(release)));
                return i;
            });
            function.scatter(0);
            function.scatter(1);
            Processes.await("the failure is told", () -> !warnings.messages().isEmpty());
            write(release);
            assertThat(function.gather()).containsExactly(0, 1);
            assertThat(warnings.messages()).singleElement().asString().contains("could not be started");
        }
    }

    private static void write(String file) {
        try {
            Files.createFile(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A worker that never is ready has a task to itself, which another one takes when it has no other. */
    @Test
    void shouldNotWaitForAWorkerThatIsNeverReady() {
        try (Workers workers = Workers.processes(2)
                .output(line -> {})
                .initialize(number -> {
                    if (number != 1) {
                        new CountDownLatch(1).await();
                    }
                    return number;
                })
                .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            for (int round = 0; round < 3; round++) {
                IntStream.range(0, TASKS).forEach(function::scatter);
                assertThat(function.gather())
                        .containsExactlyElementsOf(
                                IntStream.range(0, TASKS).boxed().toList());
            }
            assertThat(workers.snapshot().processes().started()).isEqualTo(1);
        }
    }

    @Test
    void shouldUseAWorkerAsSoonAsItIsReadyAndStartNoOtherInstead() {
        String release = directory.resolve("release").toString();
        String ready = directory.resolve("ready").toString();
        try (Workers workers = Workers.processes(2)
                .output(line -> {})
                .initialize(number -> {
                    if (number != 1) {
                        Processes.await("it is released", () -> Files.exists(Path.of(release)));
                    }
                    return number;
                })
                .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            for (int round = 0; round < 3; round++) {
                function.scatter(1);
                function.scatter(2);
                assertThat(function.gather()).containsExactly(1, 2);
            }
            write(release);
            Scatter<Integer, Long> together = Lox.on(workers, i -> {
                write(ready + i);
                Processes.await("the other one", () -> Files.exists(Path.of(ready + (1 - i))));
                return ProcessHandle.current().pid();
            });
            together.scatter(0);
            together.scatter(1);
            assertThat(together.gather()).doesNotHaveDuplicates();
            WorkersSnapshot.Processes processes = workers.snapshot().processes();
            assertThat(processes.started()).isEqualTo(2);
            assertThat(processes.killed() + processes.crashed()).isZero();
        }
    }

    @Test
    void shouldEndAWorkerThatIsStillStartingWhenItsWorkersAreClosed() {
        Set<Long> pids = ConcurrentHashMap.newKeySet();
        try (Workers workers = Workers.processes(2)
                .output(line -> pids.add(line.pid()))
                .initialize(number -> {
                    System.out.println("begun");
                    if (number != 1) {
                        new CountDownLatch(1).await();
                    }
                    return number;
                })
                .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            function.scatter(1);
            function.scatter(2);
            assertThat(function.gather()).containsExactly(1, 2);
            Processes.await("both have begun", () -> pids.size() == 2);
        }
        pids.forEach(Processes::awaitEnd);
    }

    @Test
    void shouldFailEachTaskWhenNoneCanStart() {
        Set<Long> started = ConcurrentHashMap.newKeySet();
        try (Workers workers = Workers.processes(2)
                .jvmArgs("-XX:NoSuchOption")
                .output(line -> started.add(line.pid()))
                .build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            IntStream.range(0, 100).forEach(function::scatter);
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            assertThat(outcomes)
                    .hasSize(100)
                    .allSatisfy(outcome -> assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    Outcome.Failure.class,
                                    failure -> assertThat(failure.error())
                                            .isInstanceOf(WorkerCrashedException.class)
                                            .hasMessageContaining("NoSuchOption")));
            assertThat(started).hasSizeLessThan(50);
            function.scatter(1);
            assertThatThrownBy(function::gather).isInstanceOf(WorkerCrashedException.class);
        }
    }

    @Test
    void shouldFailWhatIsLeftWhenTheOnlyWorkerThatCouldStartHasGone() {
        try (Workers workers = Workers.processes(2)
                .output(line -> {})
                .initialize(number -> {
                    if (number != 1) {
                        throw new IllegalStateException("no licence for number " + number);
                    }
                    return number;
                })
                .build()) {
            // The other lane may have claimed any of them, so it does not matter which one is run first.
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (RUN_HERE.incrementAndGet() == 2) {
                    Runtime.getRuntime().halt(3);
                }
                return i;
            });
            IntStream.range(0, TASKS).forEach(function::scatter);
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            assertThat(outcomes).hasSize(TASKS);
            assertThat(outcomes)
                    .filteredOn(Outcome.Success.class::isInstance)
                    .singleElement()
                    .satisfies(only -> assertThat(only).isEqualTo(new Outcome.Success<>(only.index(), only.index())));
            assertThat(outcomes)
                    .filteredOn(Outcome.Failure.class::isInstance)
                    .allSatisfy(failed -> assertThat(((Outcome.Failure<Integer>) failed).error())
                            .isInstanceOf(WorkerCrashedException.class));
        }
    }

    @Test
    void shouldStartAnotherWhenTheFolderIsCleanedAway() throws IOException {
        String release = directory.resolve("release").toString();
        try (Workers workers = Workers.processes(2).output(line -> {}).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> {
                if (i == 0) {
                    Processes.await("it is released", () -> Files.exists(Path.of(release)));
                }
                return i;
            });
            Scatter<Integer, Integer> first = function;
            first.scatter(0);
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            String own = "lox" + ProcessHandle.current().pid() + "-*";
            Processes.await("the process runs", () -> deleteAll(temporary, own));
            function.scatter(1);
            function.scatter(2);
            Processes.await("another serves", () -> function.pending() == 0);
            write(release);
            assertThat(function.gather()).containsExactly(0, 1, 2);
        }
    }

    /** Deletes the directories of this JVM, if there are any whose worker has connected. */
    private static boolean deleteAll(Path temporary, String pattern) {
        boolean any = false;
        try (var found = Files.newDirectoryStream(temporary, pattern)) {
            for (Path directory : found) {
                try (var files = Files.list(directory)) {
                    if (files.noneMatch(
                            file -> String.valueOf(file.getFileName()).matches("(socket|buffer)-.*"))) {
                        WorkerDirectory.delete(directory);
                        any = true;
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return any;
    }
}
