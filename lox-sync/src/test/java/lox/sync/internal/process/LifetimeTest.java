package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.WorkerCrashedException;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When processes come and go. */
class LifetimeTest {
    private final List<Workers> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Workers::close);
    }

    private Workers open(Workers.Builder builder) {
        Workers workers = builder.build();
        opened.add(workers);
        return workers;
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    // ---- the parent's end ------------------------------------------------------------------------------------------

    /** A program whose processes have processes. It prints all their numbers, then does as it is told. */
    static final class Program {
        private Program() {}

        /** Takes minutes, and the compiler leaves safepoints out of such a loop if it may. */
        private static int count(int times) {
            int number = times;
            for (int i = 1; i < times; i++) {
                for (int k = 0; k < 16; k++) {
                    number = (number ^ i) % 1_000_003 + 1_000_000 / (number | 1);
                }
            }
            return number;
        }

        public static void main(String[] arguments) throws IOException {
            boolean spins = arguments[0].equals("spin");
            Workers jvms = Workers.processes(1).jvmArgs("-Xbatch").build();
            Scatter<Integer, Integer> outer = Lox.on(jvms, i -> {
                Scatter<Integer, Integer> inner = Lox.process(1, j -> {
                    System.out.println("pid " + pid());
                    new CountDownLatch(1).await();
                    return j;
                });
                if (spins) {
                    IntStream.range(0, 100).forEach(round -> count(20_000));
                    new Thread(() -> count(Integer.MAX_VALUE)).start();
                }
                System.out.println("pid " + pid());
                inner.scatter(i);
                return inner.gather().get(0);
            });
            outer.scatter(1);
            if (!arguments[0].equals("end")) {
                outer.gather();
            } else {
                System.in.read(); // until the test has seen that the processes are at their tasks; then main ends
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "end", "spin"})
    void shouldLeaveNoProcessBehind(String what, @TempDir Path temporary) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        what)
                .redirectErrorStream(true)
                .start();
        List<Long> pids = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            while (pids.size() < 2) {
                String line = out.readLine();
                assertThat(line).startsWith("pid ");
                pids.add(Long.parseLong(line.substring(4)));
            }
            if (!what.equals("end")) {
                program.destroyForcibly();
            } else {
                program.getOutputStream().close();
            }
            assertThat(program.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            program.destroyForcibly();
        }
        pids.forEach(Processes::awaitEnd);
        Processes.await("no file is left behind", () -> isEmpty(temporary));
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- closing ---------------------------------------------------------------------------------------------------

    @Test
    void shouldEndQueuedRunningAndStuckTasksOnClose() throws InterruptedException {
        Set<Long> others = workerProcesses(); // of other tests, which may still be idle
        Workers workers = open(Workers.processes(2));
        Scatter<Integer, Long> function = Lox.on(workers, i -> {
            if (i > 0) {
                while (i > 0) {
                    Thread.onSpinWait();
                }
            }
            return pid();
        });
        function.scatter(0);
        long pid = function.gather().get(0);
        IntStream.range(1, 50).forEach(function::scatter);
        Processes.await("two run", () -> function.pending() == 47);
        List<Throwable> received = new ArrayList<>();
        Thread gatherer = new Thread(() -> {
            try {
                function.gather();
            } catch (Throwable thrown) {
                received.add(thrown);
            }
        });
        gatherer.start();
        Processes.await("it waits", () -> gatherer.getState() == Thread.State.WAITING);
        workers.close();
        workers.close();
        gatherer.join(Patience.LIMIT.toMillis());
        assertThat(received).singleElement().isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> function.scatter(1)).isInstanceOf(RejectedExecutionException.class);
        Processes.awaitEnd(pid);
        Processes.await("all have gone", () -> others.containsAll(workerProcesses()));
    }

    private static Set<Long> workerProcesses() {
        return ProcessHandle.current()
                .children()
                .filter(LifetimeTest::isWorker)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static boolean isWorker(ProcessHandle process) {
        return process.isAlive() && process.info().command().orElse("").endsWith("java");
    }

    @Test
    void shouldCloseWhatWasNeverUsed() {
        Workers workers = open(Workers.processes(2));
        workers.close();
        Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
        assertThatThrownBy(() -> function.scatter(1)).isInstanceOf(RejectedExecutionException.class);
    }

    /** One that is asked to leave and does not. */
    @ParameterizedTest
    @ValueSource(strings = {"shutdown hook", "threads", "signals"})
    void shouldEndAProcessThatDoesNotWantTo(String why) {
        Workers workers = open(Workers.processes(1));
        Scatter<String, Long> function = Lox.on(workers, how -> {
            switch (how) {
                case "shutdown hook" ->
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> Processes.pause(600_000)));
                case "threads" -> new Thread(() -> Processes.pause(600_000)).start();
                default -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> Processes.pause(600_000)));
                    new Thread(() -> System.exit(1)).start();
                    Processes.pause(20);
                }
            }
            return pid();
        });
        function.scatter(why);
        long pid = function.gather().get(0);
        workers.close();
        Processes.awaitEnd(pid);
    }

    /** What the process has started keeps its output open, and lives on. */
    @Test
    void shouldNotWaitForAGrandchildThatKeepsTheOutputOpen() {
        Workers workers = open(Workers.processes(1));
        Scatter<Integer, Long> function = Lox.on(workers, i -> {
            if (i == 0) {
                Process process = new ProcessBuilder("sleep", "600").inheritIO().start();
                return process.pid();
            }
            Runtime.getRuntime().halt(i);
            return 0L;
        });
        function.scatter(0);
        long grandchild = function.gather().get(0);
        try {
            function.scatter(3);
            assertThatThrownBy(function::gather)
                    .isInstanceOf(WorkerCrashedException.class)
                    .hasMessageContaining("exit code 3");
        } finally {
            ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** What Ctrl-C sends to all processes of the terminal. */
    @Test
    void shouldNotEndAtAnInterruptThatTheParentHandles() {
        Scatter<Integer, Long> function = Lox.on(open(Workers.processes(1)), i -> {
            new ProcessBuilder("kill", "-INT", Long.toString(pid())).start().waitFor();
            Processes.pause(100);
            return pid();
        });
        IntStream.range(0, 5).forEach(function::scatter);
        assertThat(new HashSet<>(function.gather())).hasSize(1);
    }

    // ---- leaving ---------------------------------------------------------------------------------------------------

    @Test
    void shouldKeepAnIdleProcessForAsLongAsALongHolds() {
        try (Workers workers = Workers.processes(1)
                .idleTimeout(Duration.ofNanos(Long.MAX_VALUE))
                .taskTimeout(Duration.ofNanos(Long.MAX_VALUE))
                .build()) {
            Scatter<Integer, Long> function =
                    Lox.on(workers, i -> ProcessHandle.current().pid());
            function.scatter(0);
            List<Long> first = function.gather();
            List<Throwable> uncaught = new CopyOnWriteArrayList<>();
            Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
            try {
                for (int round = 0; round < 20; round++) {
                    function.scatter(round);
                    assertThat(function.gather()).isEqualTo(first);
                }
            } finally {
                Thread.setDefaultUncaughtExceptionHandler(null);
            }
            assertThat(uncaught).isEmpty();
        }
    }

    @Test
    void shouldLetIdleProcessesGo() {
        Scatter<Integer, Long> function =
                Lox.on(open(Workers.processes(2).idleTimeout(Duration.ofMillis(200))), i -> pid());
        function.scatter(1);
        long first = function.gather().get(0);
        Processes.awaitEnd(first);
        function.scatter(1);
        assertThat(function.gather().get(0)).isNotEqualTo(first);
    }

    @Test
    void shouldUseAProcessAgain() {
        Scatter<Integer, Long> function = Lox.on(open(Workers.processes(1)), i -> pid());
        function.scatter(1);
        long first = function.gather().get(0);
        for (int batch = 0; batch < 20; batch++) {
            function.scatter(1);
            assertThat(function.gather()).containsExactly(first);
        }
    }

    @Test
    void shouldReplaceAProcessAfterSoManyTasks() {
        Workers workers = open(Workers.processes(2).maxTasksPerWorker(25));
        Scatter<Integer, Long> function = Lox.on(workers, i -> pid());
        IntStream.range(0, 200).forEach(function::scatter); // twenty-five of them cost a start
        List<Long> pids = function.gather();
        for (long pid : new HashSet<>(pids)) {
            assertThat(pids.stream().filter(other -> other == pid)).hasSizeLessThanOrEqualTo(25);
        }
        assertThat(new HashSet<>(pids)).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void shouldInitializeEachProcessOnce() {
        Workers workers = open(Workers.processes(2)
                .maxTasksPerWorker(10)
                .initialize(number -> System.setProperty("number", "of " + number)));
        Scatter<Integer, List<String>> function =
                Lox.on(workers, i -> List.of(System.getProperty("number"), Long.toString(pid())));
        IntStream.range(0, 40).forEach(function::scatter);
        Map<String, String> pids = new HashMap<>();
        for (List<String> seen : function.gather()) {
            assertThat(seen.get(0)).matches("of [1-9]\\d*");
            String first = pids.computeIfAbsent(seen.get(0), number -> seen.get(1));
            assertThat(first).as("who is %s", seen.get(0)).isEqualTo(seen.get(1));
        }
        // Not which numbers: a process that starts slowly may get no task at all, as its successors have run them all.
        assertThat(pids).hasSizeGreaterThanOrEqualTo(4);
        assertThat(pids.values()).doesNotHaveDuplicates();
    }
}
