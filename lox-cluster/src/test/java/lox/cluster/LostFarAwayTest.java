package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.process.WorkerLostException;
import lox.test.DelayingProxy;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that is far away, so that two runs of tasks are under way to it, is lost half-way through 2,000 tasks. */
class LostFarAwayTest {
    private static final int TASKS = 2_000;
    private static final int HALF_WAY = TASKS / 2;
    private static final int MEMBERS = 3;
    private static final long TRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final List<Integer> NUMBERS =
            IntStream.range(0, TASKS).boxed().toList();

    @TempDir
    Path directory;

    /** Writes down each run, and half-way the member. Then tasks take longer, so that there is time to strike. */
    private static Task<Integer, Integer> task(Path runs, Path victim) {
        String ofRuns = runs.toString();
        String ofVictim = victim.toString();
        return i -> {
            TestFiles.add(ofRuns, i);
            if (i == HALF_WAY) {
                TestFiles.add(ofVictim, parent());
            }
            LockSupport.parkNanos(i < HALF_WAY ? 200_000 : 3_000_000);
            return -i;
        };
    }

    private static long parent() {
        return ProcessHandle.current().parent().orElseThrow().pid();
    }

    private static long awaitVictim(Path victim) {
        Patience.until(
                "the task half-way has run", () -> !TestFiles.lines(victim).isEmpty());
        return Long.parseLong(TestFiles.lines(victim).get(0));
    }

    private static void checkAtMostOnce(List<Outcome<Integer>> outcomes, Path runs, String signal) {
        assertThat(outcomes).hasSize(TASKS);
        Map<Integer, Long> counts =
                TestFiles.lines(runs).stream().collect(Collectors.groupingBy(Integer::valueOf, Collectors.counting()));
        int lost = 0;
        for (int i = 0; i < TASKS; i++) {
            if (outcomes.get(i) instanceof Outcome.Failure<Integer> failure) {
                assertThat(failure.error())
                        .isInstanceOf(WorkerLostException.class)
                        .hasMessageContaining("may have run");
                lost++;
            } else {
                assertThat(outcomes.get(i)).isEqualTo(new Outcome.Success<>(i, -i));
                assertThat(counts).containsEntry(i, 1L);
            }
        }
        assertThat(counts.values()).allMatch(count -> count == 1);
        System.out.println("SIG" + signal + " far away, retryLost(0): " + lost + " of " + TASKS
                + " tasks were lost, none ran twice");
    }

    @Test
    void shouldRunNothingTwiceIfThatIsAskedFor() throws Exception {
        Path runs = directory.resolve("runs");
        Path victim = directory.resolve("victim");
        try (LocalMembers members = LocalMembers.start(MEMBERS, 1);
                DelayingProxy network = SlowNetworkTest.moveAway(members, TRIP_NANOS);
                Cluster cluster = members.join();
                Workers workers =
                        Workers.processes(MEMBERS).on(cluster).retryLost(0).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, task(runs, victim));
            NUMBERS.forEach(function::scatter);
            CompletableFuture<List<Outcome<Integer>>> gathered = CompletableFuture.supplyAsync(function::gatherSettled);
            ProcessHandle.of(awaitVictim(victim)).ifPresent(ProcessHandle::destroyForcibly);
            checkAtMostOnce(gathered.get(Patience.SECONDS, TimeUnit.SECONDS), runs, "KILL");
            assertThat(network.openSockets()).isPositive();
        }
    }

    /**
     * A member that is frozen for longer than the others wait looks to them as one behind a network that is cut. When
     * it goes on, what it still has ends, and it does its part again.
     */
    @Test
    void shouldUseAMemberAgainThatWasCutOff() throws Exception {
        Path runs = directory.resolve("runs");
        Path victim = directory.resolve("victim");
        try (LocalMembers members = LocalMembers.start(MEMBERS, 1);
                DelayingProxy network = SlowNetworkTest.moveAway(members, TRIP_NANOS);
                Cluster cluster = members.join()) {
            try (Workers workers =
                    Workers.processes(MEMBERS).on(cluster).retryLost(0).build()) {
                Scatter<Integer, Integer> function = Lox.on(workers, task(runs, victim));
                NUMBERS.forEach(function::scatter);
                CompletableFuture<List<Outcome<Integer>>> gathered =
                        CompletableFuture.supplyAsync(function::gatherSettled);
                long frozen = awaitVictim(victim);
                Signals.send("STOP", frozen);
                List<ProcessHandle> left =
                        ProcessHandle.of(frozen).orElseThrow().children().toList();
                checkAtMostOnce(gathered.get(Patience.SECONDS, TimeUnit.SECONDS), runs, "STOP");
                Patience.until("it counts as gone", () -> cluster.members().size() == MEMBERS - 1);
                Signals.send("CONT", frozen);
                Patience.until(
                        "what it had has ended", () -> left.stream().noneMatch(child -> Signals.isAlive(child.pid())));
                Patience.until("it is there again", () -> cluster.members().size() == MEMBERS);
                Scatter<Integer, Long> again = Lox.on(workers, i -> {
                    LockSupport.parkNanos(5_000_000);
                    return parent();
                });
                Patience.until(
                        "it does its part",
                        () -> again.gather(Collections.nCopies(4 * MEMBERS, 1)).contains(frozen));
                assertThat(network.openSockets()).isPositive();
            }
            Patience.until(
                    "no worker is left",
                    () -> members.processes().stream()
                            .allMatch(member ->
                                    member.toHandle().children().findAny().isEmpty()));
        }
    }
}
