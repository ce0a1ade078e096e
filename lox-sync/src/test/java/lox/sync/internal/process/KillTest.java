package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cancel and time: what runs in a process can be stopped, whatever it does. */
class KillTest {
    private static final int NUMBER_OF_RACES = Integer.getInteger("lox.races", 1_000);

    @TempDir
    Path directory;

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

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    /** Says who it is, then never ends. */
    private static int spin(Path place, int argument) throws IOException {
        if (argument < 0) {
            Path name = place.resolve("pid-" + ProcessHandle.current().pid());
            Files.createFile(name);
            while (argument < 0) {
                Thread.onSpinWait();
            }
        }
        return argument;
    }

    private Scatter<Integer, Integer> spinning(Workers workers) {
        String place = directory.toString();
        return Lox.on(workers, argument -> spin(Path.of(place), argument));
    }

    private List<Long> pids() {
        try (Stream<Path> names = Files.list(directory)) {
            return names.map(
                            name -> Long.parseLong(name.getFileName().toString().substring(4)))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void interruptSoon(Thread gatherer) {
        new Thread(() -> {
                    Processes.await("it waits", () -> gatherer.getState() == Thread.State.WAITING);
                    gatherer.interrupt();
                })
                .start();
    }

    @Test
    void shouldKillWhatCannotBeInterrupted() {
        Scatter<Integer, Integer> function = spinning(open(Workers.processes(2)));
        function.scatter(-1);
        function.scatter(-2);
        Processes.await("both spin", () -> pids().size() == 2);
        List<Long> spinning = pids();
        interruptSoon(Thread.currentThread());
        assertThatThrownBy(function::gather).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        spinning.forEach(Processes::awaitEnd);
        IntStream.range(0, 10).forEach(function::scatter);
        assertThat(function.gather()).isEqualTo(IntStream.range(0, 10).boxed().toList());
    }

    @Test
    void shouldKillWhatRunsBesideTheTaskThatFails() {
        String place = directory.toString();
        Scatter<Integer, Integer> function = Lox.on(open(Workers.processes(2)), argument -> {
            if (argument == 0) {
                while (isEmpty(Path.of(place))) {
                    Processes.pause(1);
                }
                throw new IOException("fails");
            }
            return spin(Path.of(place), argument);
        });
        function.scatter(0);
        function.scatter(-1);
        assertThatThrownBy(function::gather).hasRootCauseInstanceOf(IOException.class);
        pids().forEach(Processes::awaitEnd);
        function.scatter(5);
        assertThat(function.gather()).containsExactly(5);
    }

    @Test
    void shouldKillATaskThatTakesTooLong() {
        Scatter<Integer, Integer> function = spinning(open(Workers.processes(2).taskTimeout(Duration.ofSeconds(3))));
        IntStream.range(0, 10).forEach(function::scatter);
        function.scatter(-1);
        IntStream.range(11, 20).forEach(function::scatter);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        for (int i = 0; i < 20; i++) {
            if (i == 10) {
                assertThat(((Outcome.Failure<Integer>) outcomes.get(i)).error())
                        .isInstanceOf(TaskTimeoutException.class)
                        .hasMessageContaining("PT3S");
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, i));
            }
        }
        pids().forEach(Processes::awaitEnd);
    }

    @Test
    void shouldNotTimeOutManyShortTasks() {
        Scatter<Integer, Integer> function = spinning(open(Workers.processes(1).taskTimeout(Duration.ofSeconds(5))));
        for (int round = 0; round < 3; round++) {
            IntStream.range(0, 50_000).forEach(function::scatter);
            assertThat(function.gather()).hasSize(50_000);
        }
    }

    @Test
    void shouldKillWhatTheTaskHasStarted() throws IOException {
        String place = directory.toString();
        Scatter<Integer, Integer> function = Lox.on(open(Workers.processes(1)), argument -> {
            Process sleeper = new ProcessBuilder("sleep", "600").start();
            Files.createFile(Path.of(place, "pid-" + sleeper.pid()));
            return sleeper.waitFor();
        });
        function.scatter(1);
        Processes.await("it sleeps", () -> pids().size() == 1);
        interruptSoon(Thread.currentThread());
        assertThatThrownBy(function::gather).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        Processes.awaitEnd(pids().get(0));
    }

    @Test
    void shouldCancelWhileAnArgumentIsHalfWritten() {
        Scatter<byte[], Integer> function =
                Lox.on(open(Workers.processes(1).maxHeap(600 << 20)), bytes -> bytes.length);
        for (int round = 0; round < 10; round++) {
            function.scatter(new byte[100 << 20]);
            long until = System.nanoTime() + ThreadLocalRandom.current().nextInt(60_000_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            Thread.currentThread().interrupt();
            assertThatThrownBy(function::gather).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        function.scatter(new byte[3]);
        assertThat(function.gather()).containsExactly(3);
    }

    @Tag("race")
    @Test
    void shouldSettleEveryRaceOfACancelWithTheEnd() {
        Scatter<Integer, Integer> function = Lox.on(open(Workers.processes(2)), argument -> argument);
        int ended = 0;
        for (int race = 0; race < NUMBER_OF_RACES; race++) {
            function.scatter(race);
            long until = System.nanoTime() + ThreadLocalRandom.current().nextInt(200_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            Thread.currentThread().interrupt();
            try {
                assertThat(function.gather()).containsExactly(race); // the result was there: it did not wait
                ended++;
            } catch (CancellationException cancelled) {
                assertThat(cancelled).hasMessageContaining("interrupted");
            }
            assertThat(Thread.interrupted()).as("the caller's interrupt").isTrue();
        }
        assertThat(ended).isLessThan(NUMBER_OF_RACES);
        function.scatter(-1);
        assertThat(function.gather()).containsExactly(-1);
    }

    /** The short ones are seen to be done while the long one runs: it waits for them. */
    @Test
    void shouldNotHoldUpShortTasksBehindALongOne() throws IOException {
        String place = directory.toString();
        Scatter<Integer, Integer> function = Lox.on(open(Workers.processes(2)), argument -> {
            Files.createFile(Path.of(place, "started-" + argument)); // fails if it is there
            if (argument == 0) {
                while (true) {
                    try (Stream<Path> started = Files.list(Path.of(place))) {
                        if (started.count() == 1_201) {
                            return argument;
                        }
                    }
                    Processes.pause(5);
                }
            }
            return argument;
        });
        IntStream.range(1, 201).forEach(function::scatter); // so that they are known to be short
        IntStream.range(0, 200).forEach(index -> assertThat(index).isNotNegative());
        function.scatter(0);
        IntStream.range(201, 1_201).forEach(function::scatter);
        assertThat(function.gather()).hasSize(1_201);
    }
}
