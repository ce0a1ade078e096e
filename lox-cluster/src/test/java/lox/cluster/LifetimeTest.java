package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.ClusterUnavailableException;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing outlives those it belongs to, and members may come and go. */
class LifetimeTest {
    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private List<Long> awaitWorkers(Path file) {
        Patience.until("both workers have a task", () -> TestFiles.lines(file).size() >= 2);
        return TestFiles.lines(file).stream().map(Long::valueOf).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndWorkersWhenTheirProgramOrTheirMemberIsKilled(boolean isMember) throws Exception {
        Path file = directory.resolve("pids");
        try (LocalMembers members = LocalMembers.start(1, 2)) {
            Process program = ClientProgram.start(members, file);
            started.add(program);
            List<Long> workers = awaitWorkers(file);
            assertThat(workers).allMatch(Signals::isAlive);
            (isMember ? members.processes().get(0) : program).destroyForcibly();
            long begun = System.nanoTime();
            Patience.until("the workers have ended", () -> workers.stream().noneMatch(Signals::isAlive));
            System.out.println((isMember ? "member" : "program") + " killed: workers gone after "
                    + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + " ms");
        }
    }

    @Test
    void shouldLetAProgramEndThatClosesNothing() throws Exception {
        Path file = directory.resolve("pids");
        try (LocalMembers members = LocalMembers.start(1, 2)) {
            Process program = ClientProgram.start(members, file, "ends");
            started.add(program);
            assertThat(program.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isZero();
            List<Long> workers =
                    TestFiles.lines(file).stream().map(Long::valueOf).toList();
            Patience.until("the workers have ended", () -> workers.stream().noneMatch(Signals::isAlive));
        }
    }

    private Path writeToken() throws IOException {
        Path token = directory.resolve("token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "a secret\n");
        return token;
    }

    @Test
    void shouldGoOnWhenTheOnlyMemberComesBack() throws Exception {
        Path token = writeToken();
        MemberProcess first = MemberProcess.start("--bind", "127.0.0.1:0", "--token-file", token.toString());
        started.add(first.process());
        int port = first.awaitReady();
        try (Cluster cluster = Cluster.join("127.0.0.1:" + port, "a secret");
                Workers workers = Workers.processes(2).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i + 1);
            assertThat(function.gather(List.of(1, 2))).containsExactly(2, 3);
            first.process().destroyForcibly().waitFor();
            assertThatThrownBy(() -> function.gather(List.of(1)))
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
            MemberProcess second = MemberProcess.start(
                    "--bind", "127.0.0.1:" + port, "--data-port", "0", "--token-file", token.toString());
            started.add(second.process());
            second.awaitReady();
            Patience.until("the member is found", () -> cluster.members().size() == 1);
            assertThat(function.gather(List.of(1, 2))).containsExactly(2, 3);
        }
    }

    /** Batches of so few tasks are over before a worker has started. */
    private static void awaitTaskIn(Scatter<Integer, Long> parent, long member) {
        Patience.until(
                "it does its part",
                () -> parent.gather(java.util.Collections.nCopies(6, 1)).contains(member));
    }

    private static Scatter<Integer, Long> parent(Workers workers) {
        return Lox.on(workers, i -> {
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            return ProcessHandle.current().parent().orElseThrow().pid();
        });
    }

    @Test
    void shouldUseAMemberThatComesLater() {
        try (LocalMembers members = LocalMembers.start(1, 1);
                Cluster cluster = members.join();
                Workers workers = Workers.processes(3).on(cluster).build()) {
            Scatter<Integer, Long> parent = parent(workers);
            parent.gather(List.of(1));
            awaitTaskIn(parent, members.add().pid());
        }
    }

    @Test
    void shouldUseAMemberThatHasComeBack() throws Exception {
        String token = writeToken().toString();
        MemberProcess first = MemberProcess.start("--bind", "127.0.0.1:0", "--token-file", token, "--slots", "1");
        started.add(first.process());
        String seed = "127.0.0.1:" + first.awaitReady();
        int port = 0;
        try (Cluster cluster = Cluster.join(seed, "a secret");
                Workers workers = Workers.processes(2).on(cluster).build()) {
            Scatter<Integer, Long> parent = parent(workers);
            for (int time = 0; time < 2; time++) {
                MemberProcess second = MemberProcess.start(
                        "--bind",
                        "127.0.0.1:" + port,
                        "--data-port",
                        "0",
                        "--join",
                        seed,
                        "--token-file",
                        token,
                        "--slots",
                        "1");
                started.add(second.process());
                port = second.awaitReady();
                awaitTaskIn(parent, second.process().pid());
                second.process().destroyForcibly().waitFor();
                assertThat(parent.gather(List.of(1, 1, 1)))
                        .containsOnly(first.process().pid());
            }
        }
    }

    /** As the name of a headless service of Kubernetes does. */
    @Test
    void shouldFindAMemberAtAnyAddressOfAName() throws Exception {
        Path token = writeToken();
        Path hosts = directory.resolve("hosts");
        Files.writeString(hosts, "127.0.0.9 members.example\n127.0.0.1 members.example\n");
        MemberProcess first = MemberProcess.start("--bind", "127.0.0.1:0", "--token-file", token.toString());
        started.add(first.process());
        int port = first.awaitReady();
        MemberProcess second = MemberProcess.start(
                List.of("-Djdk.net.hosts.file=" + hosts),
                "--bind",
                "127.0.0.1:0",
                "--token-file",
                token.toString(),
                "--join",
                "members.example:" + port);
        started.add(second.process());
        second.awaitReady();
        try (Cluster cluster = Cluster.join("127.0.0.1:" + port, "a secret")) {
            Patience.until("both are found", () -> cluster.members().size() == 2);
        }
    }
}
