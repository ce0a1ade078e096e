package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Task;
import lox.sync.Workers;
import lox.test.DelayingProxy;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The line to one of two members is cut, without anybody being told, and heals. Each node has a loopback address of its
 * own, so that it can be said which connections pass the line.
 */
@EnabledOnOs(OS.LINUX) // elsewhere there is one loopback address
class PartitionTest {
    private static final String PROGRAM = "127.0.0.2";
    private static final String NEAR = "127.0.0.3";
    private static final String FAR = "127.0.0.4";
    private static final int TASKS = 1_000;
    private static final int HALF_WAY = TASKS / 2;

    @TempDir
    Path directory;

    private final Set<Integer> portsOfFar = new CopyOnWriteArraySet<>();
    private final DelayingProxy line = DelayingProxy.start(0, portsOfFar::contains);
    private final List<MemberProcess> started = new ArrayList<>();
    private Path token = Path.of("");

    @BeforeEach
    void writeToken() throws IOException {
        token = directory.resolve("token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "a secret\n");
    }

    @AfterEach
    void end() {
        started.forEach(member -> member.process().destroyForcibly());
        line.close();
    }

    /** A member that reaches all but some addresses through the line. */
    private MemberProcess start(String address, String directly, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("--bind", address + ":0", "--name", address, "--slots", "1", "--token-file", token.toString()));
        arguments.addAll(List.of(more));
        MemberProcess member = MemberProcess.start(
                List.of(
                        "-DsocksProxyHost=127.0.0.1",
                        "-DsocksProxyPort=" + line.port(),
                        "-DsocksNonProxyHosts=" + directly),
                arguments.toArray(new String[0]));
        started.add(member);
        return member;
    }

    private Cluster join(boolean isFarFromBoth) throws IOException {
        MemberProcess near = start(NEAR, isFarFromBoth ? PROGRAM : PROGRAM + "|" + FAR);
        String seed = NEAR + ":" + near.awaitReady();
        MemberProcess far = start(FAR, isFarFromBoth ? "" : NEAR, "--join", seed);
        portsOfFar.add(far.awaitReady());
        portsOfFar.add(far.dataPort());
        return Cluster.builder().seeds(seed).token("a secret").bind(PROGRAM).join();
    }

    private static long parent() {
        return ProcessHandle.current().parent().orElseThrow().pid();
    }

    /** The first one in the far member, in the second half, says so and waits until the line is cut. */
    private static Task<Integer, Integer> task(long far, Path waits, Path cut) {
        String ofWaits = waits.toString();
        String ofCut = cut.toString();
        return i -> {
            LockSupport.parkNanos(1_000_000);
            if (i > HALF_WAY && parent() == far && !Files.exists(Path.of(ofCut))) {
                TestFiles.add(ofWaits, i);
                TestFiles.await(ofCut);
            }
            return -i;
        };
    }

    private CompletableFuture<List<Integer>> cutHalfWay(Workers workers) throws IOException {
        Path waits = directory.resolve("waits");
        Path cut = directory.resolve("cut");
        Scatter<Integer, Integer> function =
                Lox.on(workers, task(started.get(1).process().pid(), waits, cut));
        IntStream.range(0, TASKS).forEach(function::scatter);
        Patience.until("a task runs there", () -> !TestFiles.lines(waits).isEmpty());
        line.cut();
        Files.createFile(cut);
        return CompletableFuture.supplyAsync(function::gather);
    }

    private static void check(CompletableFuture<List<Integer>> gathered) throws Exception {
        assertThat(gathered.get(Patience.SECONDS, TimeUnit.SECONDS))
                .isEqualTo(IntStream.range(0, TASKS).map(i -> -i).boxed().toList());
    }

    private void awaitTaskInFarMember(Workers workers) {
        long far = started.get(1).process().pid();
        Scatter<Integer, Long> place = Lox.on(workers, i -> {
            LockSupport.parkNanos(5_000_000);
            return parent();
        });
        Patience.until(
                "it does its part",
                () -> place.gather(Collections.nCopies(10, 1)).contains(far));
    }

    /** Cut off from all others, or from the program alone, while the members see each other. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRunElsewhereWhatIsCutOffAndUseTheMemberWhenTheLineHeals(boolean isFarFromBoth) throws Exception {
        try (Cluster cluster = join(isFarFromBoth);
                Workers workers = Workers.processes(2).on(cluster).build()) {
            awaitTaskInFarMember(workers);
            check(cutHalfWay(workers));
            line.heal();
            awaitTaskInFarMember(workers);
            assertThat(line.openSockets()).isPositive();
        }
    }

    /** As a rule nobody has noticed. */
    @Test
    void shouldGoOnWhenTheLineIsCutForAMoment() throws Exception {
        try (Cluster cluster = join(true);
                Workers workers = Workers.processes(2).on(cluster).build()) {
            awaitTaskInFarMember(workers);
            CompletableFuture<List<Integer>> gathered = cutHalfWay(workers);
            line.heal();
            check(gathered);
            awaitTaskInFarMember(workers);
        }
    }
}
