package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.ProcessesBuilder;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.internal.process.WorkerFault.FaultyValue;
import lox.sync.internal.process.WorkerFault.Moment;
import lox.sync.process.SerializationException;
import lox.sync.process.WorkerCrashedException;
import lox.test.ProcessPlace;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A crash costs the task that caused it, and nothing else. */
class CrashTest {
    private static final int TASKS = 20;

    /**
     * Of which one or all but one crash: each of those costs the start of a JVM. With {@code -Dlox.crashes=200} a
     * hundred.
     */
    private static final int MANY = Integer.getInteger("lox.crashes", 40) / 2;

    private static final int CULPRIT = 7;

    /** Whether the same build has run the tests before, on another JDK. */
    private static final boolean AGAIN = Boolean.getBoolean("test.again");

    @TempDir
    static Path errorFiles;

    private static @Nullable Workers victims;

    @TempDir
    Path directory;

    private final List<Workers> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Workers::close);
    }

    @AfterAll
    static void closeVictims() {
        if (victims != null) {
            victims.close();
            victims = null;
        }
    }

    /** Two workers that one fault after the other befalls: each that ends a process costs one start, not three. */
    private static Workers victims() {
        if (victims == null) {
            victims = ProcessPlace.moved(narrow(2, errorFiles)).build();
        }
        return victims;
    }

    private Workers open(ProcessesBuilder builder) {
        Workers workers = ProcessPlace.moved(builder).build();
        opened.add(workers);
        return workers;
    }

    private Workers narrow(int processes) {
        return open(narrow(processes, directory));
    }

    private static ProcessesBuilder narrow(int processes, Path errorFiles) {
        return Workers.processes(processes)
                .jvmArgs(Stream.concat(
                                Arrays.stream(WorkerFault.NARROW),
                                Stream.of("-XX:ErrorFile=" + errorFiles.resolve("hs_err_pid%p.log")))
                        .toArray(String[]::new))
                .output(line -> {});
    }

    /** What ends a process does so in the middle of anything, on each JDK: the second run need not look again at each moment. */
    private static Stream<Arguments> faultsAtEveryMoment() {
        return Arrays.stream(WorkerFault.values())
                .flatMap(fault -> Arrays.stream(Moment.values())
                        .filter(moment -> !AGAIN || !fault.kills() || moment == Moment.RUNNING)
                        .map(moment -> Arguments.of(fault, moment)));
    }

    /** Of those that end the process, of which the parent sees the end in each case, the second run has one. */
    private static Stream<WorkerFault> faults() {
        return Arrays.stream(WorkerFault.values())
                .filter(fault -> !AGAIN || !fault.kills() || fault == WorkerFault.KILL);
    }

    /** Each costs the start of several processes: of those that end one at once there is one here. */
    private static Stream<WorkerFault> faultsOfInitializers() {
        return faults().filter(fault -> fault != WorkerFault.HALT && fault != WorkerFault.SEGMENTATION_FAULT);
    }

    @ParameterizedTest(name = "{0} while {1}")
    @MethodSource("faultsAtEveryMoment")
    void shouldFailTheCulpritAlone(WorkerFault fault, Moment moment) {
        Scatter<Object, Object> function = Lox.on(victims(), FaultyValue::run);
        for (int i = 0; i < TASKS; i++) {
            function.scatter(i == CULPRIT ? new FaultyValue(fault, moment) : (Object) i);
        }
        List<Outcome<Object>> outcomes = function.gatherSettled();
        for (int i = 0; i < TASKS; i++) {
            if (i == CULPRIT) {
                assertThat(outcomes.get(i)).isInstanceOf(Outcome.Failure.class);
                checkFailure(((Outcome.Failure<Object>) outcomes.get(i)).error(), fault, moment);
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, (Object) i));
            }
        }
        checkWorks(function);
    }

    private void checkFailure(Throwable failure, WorkerFault fault, Moment moment) {
        if (fault.kills()) {
            assertThat(failure).isInstanceOf(WorkerCrashedException.class);
            WorkerCrashedException crash = (WorkerCrashedException) failure;
            assertThat(crash.exitCode()).isEqualTo(OptionalInt.of(fault.exitCode()));
            switch (fault) {
                case EXIT, HALT -> assertThat(crash.errorOutput()).contains("last words");
                case SEGMENTATION_FAULT -> assertThat(crash.errorFile()).isPresent();
                default -> assertThat(crash.signal()).isEqualTo(OptionalInt.of(9));
            }
        } else if (moment == Moment.RUNNING) {
            assertThat(failure).isInstanceOf(expected(fault));
        } else if (failure instanceof SerializationException) {
            assertThat(failure).hasStackTraceContaining(expected(fault).getName());
        } else {
            assertThat(failure).isInstanceOf(expected(fault));
        }
    }

    private static Class<? extends Throwable> expected(WorkerFault fault) {
        return switch (fault) {
            case EXCEPTION -> IllegalStateException.class;
            case NO_STACK -> StackOverflowError.class;
            default -> OutOfMemoryError.class;
        };
    }

    private static void checkWorks(Scatter<Object, Object> function) {
        IntStream.range(0, TASKS).forEach(function::scatter);
        assertThat(function.gather())
                .isEqualTo(IntStream.range(0, TASKS).boxed().toList());
    }

    @ParameterizedTest(name = "{0} between tasks")
    @MethodSource("faults")
    void shouldSurviveAProcessThatDiesIdle(WorkerFault fault) {
        String idle = directory.resolve("idle").toString();
        String done = directory.resolve("done").toString();
        Scatter<Object, Object> function = Lox.on(narrow(1), argument -> {
            Thread thread = new Thread(() -> {
                Processes.await("the process is idle", () -> Files.exists(Path.of(idle)));
                try {
                    fault.happen();
                } finally {
                    make(done);
                }
            });
            thread.setDaemon(true);
            if (argument.equals("arm")) {
                thread.start();
            }
            return ProcessHandle.current().pid();
        });
        function.scatter("arm");
        long pid = (Long) function.gather().get(0);
        make(idle);
        if (fault.kills()) {
            Processes.awaitEnd(pid);
        } else {
            Processes.await("it is done", () -> Files.exists(Path.of(done)));
        }
        for (int i = 0; i < TASKS; i++) {
            function.scatter("work");
        }
        assertThat(function.gather()).hasSize(TASKS);
    }

    private static void make(String file) {
        try {
            Files.createFile(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Dies as soon as its result may have been sent, while another task may already be on its way to it. */
    @Test
    void shouldLoseNothingToAProcessThatDiesRightAfterDelivering() {
        Scatter<Integer, Integer> function = Lox.on(narrow(2), i -> {
            if (i % 10 == 0) {
                new Thread(() -> {
                            Processes.pause(1 + i % 3);
                            Runtime.getRuntime().halt(5);
                        })
                        .start();
            }
            return i;
        });
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 10; i++) {
                function.scatter(i);
            }
            List<Outcome<Integer>> outcomes = function.gatherSettled();
            for (int i = 0; i < 10; i++) {
                if (outcomes.get(i) instanceof Outcome.Failure<Integer> failure) { // it was at that task when it died
                    assertThat(failure.error()).isInstanceOf(WorkerCrashedException.class);
                } else {
                    assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i));
                }
            }
        }
    }

    // ---- at start --------------------------------------------------------------------------------------------------

    @Test
    void shouldFailTheBatchWithTheJvmsWordsWhenAnOptionIsWrong() {
        Workers workers = open(Workers.processes(2).jvmArgs("-XX:NoSuchOption").output(line -> {}));
        Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
        for (int round = 0; round < 2; round++) {
            IntStream.range(0, TASKS).forEach(function::scatter);
            assertThatThrownBy(function::gather)
                    .isInstanceOf(WorkerCrashedException.class)
                    .hasMessageContaining("NoSuchOption")
                    .hasMessageContaining("exit code 1");
        }
    }

    /** Which it prints on standard output, some of them. */
    @Test
    void shouldFailTheBatchWithTheJvmsWordsWhenOptionsContradictEachOther() {
        Workers workers = open(Workers.processes(1).jvmArgs("-Xms8g", "-Xmx1g").output(line -> {}));
        Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
        function.scatter(1);
        assertThatThrownBy(function::gather).isInstanceOfSatisfying(WorkerCrashedException.class, crash -> {
            assertThat(crash).hasMessageContaining("nitial heap size");
            assertThat(crash.errorOutput()).anyMatch(line -> line.contains("nitial heap size"));
        });
    }

    @Test
    void shouldFailTheBatchWhenTheDirectoryIsMissing() {
        Workers workers = open(Workers.processes(1).workingDirectory(directory.resolve("missing")));
        Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
        function.scatter(1);
        assertThatThrownBy(function::gather)
                .isInstanceOf(WorkerCrashedException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void shouldStartAnotherWhenOneIsKilledBeforeItIsReady() throws IOException {
        Path marker = directory.resolve("marker");
        String name = marker.toString();
        Workers workers = open(Workers.processes(1).output(line -> {}).initialize(number -> {
            if (!Files.exists(Path.of(name))) {
                Files.createFile(Path.of(name));
                WorkerFault.KILL.happen();
            }
            return number;
        }));
        Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
        function.scatter(1);
        assertThat(function.gather()).containsExactly(1);
        assertThat(marker).exists();
    }

    @ParameterizedTest
    @MethodSource("faultsOfInitializers")
    void shouldFailTheBatchWhenTheInitializerFails(WorkerFault fault) {
        Workers workers = open(narrow(1, directory).initialize(number -> {
            fault.happen();
            return number;
        }));
        Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
        function.scatter(1);
        assertThatThrownBy(function::gather).isInstanceOfSatisfying(WorkerCrashedException.class, crash -> {
            if (fault.kills()) {
                assertThat(crash.exitCode()).isEqualTo(OptionalInt.of(fault.exitCode()));
            } else {
                assertThat(crash).hasCauseInstanceOf(expected(fault));
            }
        });
    }

    // ---- several ---------------------------------------------------------------------------------------------------

    /** Also tells how often each task was started: the crash-safe buffer has to give the results that were not sent. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStartEachTaskOnceWhateverCrashes(boolean butOne) throws IOException {
        String place = directory.toString();
        int odd = MANY / 2;
        Scatter<Integer, Integer> function = Lox.on(narrow(2), i -> {
            Files.writeString(Path.of(place, i + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime()), "");
            if ((i == odd) != butOne) {
                Runtime.getRuntime().halt(6);
            }
            return i;
        });
        IntStream.range(0, MANY).forEach(function::scatter);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        for (int i = 0; i < MANY; i++) {
            assertThat(outcomes.get(i) instanceof Outcome.Failure)
                    .as("task " + i)
                    .isEqualTo((i == odd) != butOne);
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<String> starts = files.map(
                            file -> file.getFileName().toString().split("-", 2)[0])
                    .filter(start -> !start.startsWith("hs_err"))
                    .toList();
            assertThat(starts).doesNotHaveDuplicates().hasSize(MANY);
        }
    }

    /** Short tasks travel together and their results are kept back for a while: none of that may be lost or blamed. */
    @Test
    void shouldBlameTheRightOneAmongTasksOfMicroseconds() {
        Workers workers = narrow(2);
        Scatter<Integer, Integer> function = Lox.on(workers, i -> {
            if (i % 5_000 == 4_321) {
                Runtime.getRuntime().halt(7);
            }
            return i;
        });
        IntStream.range(0, 20_000).forEach(function::scatter);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        List<Integer> failed = outcomes.stream()
                .filter(outcome -> outcome instanceof Outcome.Failure)
                .map(Outcome::index)
                .toList();
        assertThat(failed).containsExactly(4_321, 9_321, 14_321, 19_321);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void shouldSurviveProcessesThatKillEachOther(int processes) {
        Scatter<Integer, Integer> function = Lox.on(narrow(processes), i -> {
            if (i % 4 == 0) {
                ProcessHandle.current()
                        .parent()
                        .orElseThrow()
                        .children()
                        .filter(child -> child.info().command().orElse("").endsWith("java"))
                        .forEach(child -> {
                            if (child.pid() != ProcessHandle.current().pid()) {
                                child.destroyForcibly();
                            }
                        });
            }
            return i;
        });
        IntStream.range(0, 40).forEach(function::scatter);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        assertThat(outcomes).hasSize(40);
        for (Outcome<Integer> outcome : outcomes) {
            if (outcome instanceof Outcome.Failure<Integer> failure) {
                assertThat(failure.error()).isInstanceOf(WorkerCrashedException.class);
            }
        }
        function.scatter(1);
        assertThat(function.gather()).containsExactly(1);
    }

    // ---- half-way --------------------------------------------------------------------------------------------------

    @Test
    void shouldSurviveACrashWhileAnArgumentIsHalfWritten() {
        byte[] large = new byte[64 << 20];
        Scatter<byte[], Integer> function = Lox.on(narrow(1), bytes -> {
            if (bytes.length == 1) {
                Thread main = Thread.currentThread();
                new Thread(() -> {
                            Processes.await("the result is out", () -> main.getState() == Thread.State.WAITING);
                            Processes.pause(20); // by then the next argument is on its way: it does not fit the heap
                            Runtime.getRuntime().halt(8);
                        })
                        .start();
            }
            return bytes.length;
        });
        function.scatter(new byte[1]);
        function.scatter(large);
        function.scatter(new byte[2]);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<>(0, 1));
        assertThat(outcomes.get(2)).isEqualTo(new Outcome.Success<>(2, 2));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);
    }

    @Test
    void shouldSurviveACrashWhileAResultIsHalfRead() {
        Workers workers = open(Workers.processes(1).maxHeap(400 << 20).output(line -> {}));
        Scatter<Integer, byte[]> function = Lox.on(workers, size -> {
            if (size > 1000) {
                new Thread(() -> {
                            Processes.pause(10);
                            Runtime.getRuntime().halt(9);
                        })
                        .start();
            }
            return new byte[size];
        });
        for (int round = 0; round < 5; round++) {
            function.scatter(10);
            function.scatter(64 << 20);
            function.scatter(20);
            List<Outcome<byte[]>> outcomes = function.gatherSettled();
            assertThat(((Outcome.Success<byte[]>) outcomes.get(0)).value()).hasSize(10);
            assertThat(((Outcome.Success<byte[]>) outcomes.get(2)).value()).hasSize(20);
            if (outcomes.get(1) instanceof Outcome.Failure<byte[]> failure) {
                assertThat(failure.error()).isInstanceOf(WorkerCrashedException.class);
            }
        }
    }

    // ---- again -----------------------------------------------------------------------------------------------------

    @Test
    void shouldRunACrashedTaskAgainWhenAsked() {
        String place = directory.toString();
        Workers workers = open(Workers.processes(2).retryCrashed(2).output(line -> {}));
        Scatter<Integer, Integer> function = Lox.on(workers, i -> {
            if (i == 3) {
                Files.createFile(Path.of(place, "try-" + System.nanoTime()));
                try (Stream<Path> tries = Files.list(Path.of(place))) {
                    if (tries.count() < 3) {
                        Runtime.getRuntime().halt(1);
                    }
                }
            }
            return i;
        });
        IntStream.range(0, 10).forEach(function::scatter);
        assertThat(function.gather()).isEqualTo(IntStream.range(0, 10).boxed().toList());
    }

    @Test
    void shouldGiveUpOnATaskThatKeepsCrashing() throws IOException {
        String place = directory.toString();
        Workers workers = open(Workers.processes(2).retryCrashed(2).output(line -> {}));
        Scatter<Integer, Integer> function = Lox.on(workers, i -> {
            if (i == 3) {
                Files.createFile(Path.of(place, "try-" + System.nanoTime()));
                Runtime.getRuntime().halt(1);
            }
            return i;
        });
        IntStream.range(0, 10).forEach(function::scatter);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        assertThat(outcomes.stream().filter(outcome -> outcome instanceof Outcome.Failure))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.index()).isEqualTo(3));
        try (Stream<Path> tries = Files.list(directory)) {
            assertThat(tries).hasSize(3);
        }
    }
}
