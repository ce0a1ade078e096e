package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.process.WorkerLostException;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A member is lost half-way through 2,000 tasks, while it is in the middle of one. */
class LostMemberTest {
    private static final int TASKS = 2_000;
    private static final int HALF_WAY = TASKS / 2;
    private static final List<Integer> NUMBERS =
            IntStream.range(0, TASKS).boxed().toList();

    @TempDir
    Path directory;

    private final LocalMembers members = LocalMembers.start(3, 2);
    private final Cluster cluster = members.join();
    private Path runs = Path.of("");
    private Path victim = runs;
    private Path struck = runs;

    @BeforeEach
    void name() {
        runs = directory.resolve("runs");
        victim = directory.resolve("victim");
        struck = directory.resolve("struck");
    }

    @AfterEach
    void end() {
        try (members) {
            cluster.close();
        }
    }

    /** Writes down each run; the one half-way waits until its member has been struck. */
    private Task<Integer, Integer> task() {
        String ofRuns = runs.toString();
        String ofVictim = victim.toString();
        String ofStruck = struck.toString();
        return i -> {
            TestFiles.add(ofRuns, i);
            if (i == HALF_WAY && !Files.exists(Path.of(ofStruck))) {
                TestFiles.add(
                        ofVictim, ProcessHandle.current().parent().orElseThrow().pid());
                TestFiles.await(ofStruck);
            } else {
                LockSupport.parkNanos(1_000_000);
            }
            return -i;
        };
    }

    private void strike(String signal) throws Exception {
        Patience.until("the task half-way runs", () -> !TestFiles.lines(victim).isEmpty());
        long member = Long.parseLong(TestFiles.lines(victim).get(0));
        Signals.send(signal, member);
        if (!signal.equals("TERM")) { // it could still pass on what its child answers
            Patience.until("the member does nothing any more", () -> Signals.isStill(member));
        }
        Files.createFile(struck);
    }

    private Map<Integer, Long> countRuns() {
        return TestFiles.lines(runs).stream().collect(Collectors.groupingBy(Integer::valueOf, Collectors.counting()));
    }

    /** A frozen member is found out by its silence, whatever the JDK: the second run need not wait for that again. */
    private static Stream<String> signals() {
        return Boolean.getBoolean("test.again") ? Stream.of("KILL") : Stream.of("KILL", "STOP");
    }

    @ParameterizedTest
    @MethodSource("signals")
    void shouldRunElsewhereWhatALostMemberHad(String signal) throws Exception {
        try (Workers workers = Workers.processes(6).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, task());
            NUMBERS.forEach(function::scatter);
            strike(signal);
            assertThat(function.gather())
                    .isEqualTo(NUMBERS.stream().map(i -> -i).toList());
        }
        Map<Integer, Long> counts = countRuns();
        assertThat(counts.keySet()).containsExactlyInAnyOrderElementsOf(NUMBERS);
        assertThat(counts.get(HALF_WAY)).isEqualTo(2);
        long twice = counts.values().stream().filter(count -> count > 1).count();
        System.out.println("SIG" + signal + ": " + twice + " of " + TASKS + " tasks ran twice");
        assertThat(twice).isLessThan(TASKS / 4);
        assertThat(counts.values()).allMatch(count -> count <= 2);
    }

    /** It gives back what it has not begun. */
    @Test
    void shouldRunNothingTwiceWhenAMemberIsToldToEnd() throws Exception {
        try (Workers workers = Workers.processes(6).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, task());
            NUMBERS.forEach(function::scatter);
            strike("TERM");
            assertThat(function.gather())
                    .isEqualTo(NUMBERS.stream().map(i -> -i).toList());
            Process told = process(Long.parseLong(TestFiles.lines(victim).get(0)));
            assertThat(told.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(countRuns()).isEqualTo(NUMBERS.stream().collect(Collectors.toMap(Function.identity(), i -> 1L)));
    }

    private Process process(long pid) {
        return members.processes().stream()
                .filter(member -> member.pid() == pid)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldRunNothingTwiceIfThatIsAskedFor() throws Exception {
        try (Workers workers = Workers.processes(6).on(cluster).retryLost(0).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, task());
            NUMBERS.forEach(function::scatter);
            CompletableFuture<List<Outcome<Integer>>> gathered = CompletableFuture.supplyAsync(function::gatherSettled);
            strike("KILL");
            List<Outcome<Integer>> outcomes = gathered.get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(outcomes).hasSize(TASKS);
            int lost = 0;
            for (int i = 0; i < TASKS; i++) {
                if (outcomes.get(i) instanceof Outcome.Failure<Integer> failure) {
                    assertThat(failure.error())
                            .isInstanceOf(WorkerLostException.class)
                            .hasMessageContaining("may have run");
                    lost++;
                } else {
                    assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, -i));
                }
            }
            assertThat(outcomes.get(HALF_WAY)).isInstanceOf(Outcome.Failure.class);
            System.out.println("retryLost(0): " + lost + " of " + TASKS + " tasks were lost");
        }
        assertThat(countRuns().values()).allMatch(count -> count == 1);
    }
}
