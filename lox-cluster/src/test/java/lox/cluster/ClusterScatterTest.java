package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.ProcessesBuilder;
import lox.sync.Scatter;
import lox.sync.TaskTimeoutException;
import lox.sync.Workers;
import lox.sync.process.OutputLine;
import lox.sync.process.SerializationException;
import lox.sync.process.WorkerCrashedException;
import lox.test.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What processes do on this machine, they do on members. */
class ClusterScatterTest {
    private static final int MEMBERS = 3;
    private static final int SLOTS = 2;
    private static final int TASKS = 300;

    @SuppressWarnings("NullAway.Init") // before the first test
    private static LocalMembers members;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    private final List<Workers> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        members = LocalMembers.start(MEMBERS, SLOTS);
        cluster = members.join();
    }

    @AfterAll
    static void end() {
        cluster.close();
        members.close();
    }

    @AfterEach
    void close() {
        opened.forEach(Workers::close);
    }

    private Workers open(ProcessesBuilder builder) {
        Workers workers = builder.on(cluster).build();
        opened.add(workers);
        return workers;
    }

    /** Of which nothing is on the members' class path. */
    private record Square(int number, long pid) implements java.io.Serializable {
        static Square of(int number) {
            return new Square(number * number, ProcessHandle.current().pid());
        }
    }

    @Test
    void shouldGatherInOrderWhatMembersHaveComputed() {
        Scatter<Integer, Square> square = Lox.on(open(Workers.processes(4)), Square::of);
        List<Square> results = square.gather(IntStream.range(0, TASKS).boxed().toList());
        assertThat(results.stream().map(Square::number))
                .containsExactlyElementsOf(
                        IntStream.range(0, TASKS).map(i -> i * i).boxed().toList());
        assertThat(results)
                .noneMatch(result -> result.pid() == ProcessHandle.current().pid());
    }

    @Test
    void shouldUseAllMembers() {
        Scatter<Integer, Long> parent = Lox.on(open(Workers.processes(MEMBERS * SLOTS)), i -> {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000); // so that all slots are wanted
            return ProcessHandle.current().parent().orElseThrow().pid();
        });
        Set<Long> used = new HashSet<>();
        Patience.until("all members have computed something", () -> {
            used.addAll(parent.gather(Collections.nCopies(10 * MEMBERS * SLOTS, 1)));
            return used.size() >= MEMBERS;
        });
        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(
                        members.processes().stream().map(Process::pid).toList());
        assertThat(cluster.members()).hasSize(MEMBERS).allMatch(member -> member.slots() == SLOTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseOneTaskAndNoMemberToATaskThatEndsItsProcess(boolean halts) {
        Scatter<Integer, Integer> function = Lox.on(open(Workers.processes(3)), i -> {
            if (i == 7) {
                System.err.println("last words");
                if (halts) {
                    Runtime.getRuntime().halt(3);
                }
                System.exit(3);
            }
            return -i;
        });
        IntStream.range(0, TASKS).forEach(function::scatter);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        for (int i = 0; i < TASKS; i++) {
            if (i == 7) {
                assertThat(((Outcome.Failure<Integer>) outcomes.get(i)).error())
                        .isInstanceOfSatisfying(WorkerCrashedException.class, crash -> {
                            assertThat(crash.exitCode()).isEqualTo(OptionalInt.of(3));
                            assertThat(crash.errorOutput()).contains("last words");
                            assertThat(crash).hasMessageContaining(" on local-");
                        });
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, -i));
            }
        }
        assertThat(members.processes()).allMatch(Process::isAlive);
    }

    @Test
    void shouldFailATaskThatTakesTooLong() {
        Scatter<Integer, Integer> function =
                Lox.on(open(Workers.processes(2).taskTimeout(Duration.ofSeconds(2))), i -> {
                    if (i == 1) {
                        new CountDownLatch(1).await();
                    }
                    return i;
                });
        IntStream.range(0, 4).forEach(function::scatter);
        List<Outcome<Integer>> outcomes = function.gatherSettled();
        assertThat(((Outcome.Failure<Integer>) outcomes.get(1)).error()).isInstanceOf(TaskTimeoutException.class);
        assertThat(outcomes.get(3)).isEqualTo(new Outcome.Success<>(3, 3));
    }

    @Test
    void shouldHaveEveryLineBeforeTheResult() {
        List<OutputLine> lines = Collections.synchronizedList(new ArrayList<>());
        Scatter<Integer, Integer> function = Lox.on(open(Workers.processes(1).output(lines::add)), i -> {
            System.out.println("out " + i);
            System.err.println("err " + i);
            return i;
        });
        for (int i = 0; i < 20; i++) {
            assertThat(function.gather(List.of(i))).containsExactly(i);
            assertThat(lines).extracting(OutputLine::text).contains("out " + i, "err " + i);
        }
    }

    @Test
    void shouldSendTheOptionsOfTheProcessesAlong() {
        Scatter<String, String> property = Lox.on(
                open(Workers.processes(1)
                        .jvmArgs("-Dlox.test.far=away")
                        .env(java.util.Map.of("LOX_TEST_FAR", "out"))
                        .maxHeap(96 << 20)
                        .initialize(number -> System.setProperty("lox.test.number", "n" + number))),
                name -> System.getProperty(name, "none")
                        + System.getenv("LOX_TEST_FAR")
                        + (Runtime.getRuntime().maxMemory() <= 96 << 20));
        assertThat(property.gather(List.of("lox.test.far", "lox.test.number")))
                .containsExactly("awayouttrue", "n1outtrue");
    }

    @Test
    void shouldFailWithTheJvmsWordsWhenAnOptionIsWrong() {
        Scatter<Integer, Integer> function =
                Lox.on(open(Workers.processes(2).jvmArgs("-XX:NoSuchOption").output(line -> {})), i -> i);
        IntStream.range(0, 5).forEach(function::scatter);
        assertThatThrownBy(function::gather)
                .isInstanceOf(WorkerCrashedException.class)
                .hasMessageContaining("NoSuchOption")
                .hasMessageContaining("local-");
    }

    @Test
    void shouldNameWhatCannotTravel() {
        Scatter<Object, Integer> function = Lox.on(open(Workers.processes(1)), Object::hashCode);
        function.scatter(new Object());
        assertThatThrownBy(function::gather).isInstanceOf(SerializationException.class);
    }

    @Test
    void shouldCarryLargeValuesBothWays() {
        Scatter<byte[], byte[]> echo = Lox.on(open(Workers.processes(2)), bytes -> bytes);
        byte[] large = new byte[20 << 20];
        large[large.length - 1] = 42;
        assertThat(echo.gather(List.of(large, new byte[0], large))).containsExactly(large, new byte[0], large);
    }

    /** Which may be more than there are slots: tasks wait for one. */
    @Test
    void shouldHaveMoreWorkersThanSlots() {
        Scatter<Integer, Integer> function = Lox.on(open(Workers.processes(20)), i -> {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
            return i;
        });
        List<Integer> numbers = IntStream.range(0, TASKS).boxed().toList();
        assertThat(function.gather(numbers)).isEqualTo(numbers);
        assertThat(cluster.members()).allMatch(member -> member.used() <= member.slots());
    }
}
