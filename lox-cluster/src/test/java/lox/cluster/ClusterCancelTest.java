package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.disposables.Disposable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import lox.sync.GatherTimeoutException;
import lox.sync.Task;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever cancels ends the process on its member, in each dialect; and the next task has another. */
class ClusterCancelTest {
    @SuppressWarnings("NullAway.Init") // before the first test
    private static LocalMembers members;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @TempDir
    Path directory;

    private final Workers workers = Workers.processes(1).on(cluster).build();
    private Path pids = Path.of("");

    @BeforeAll
    static void start() {
        members = LocalMembers.start(1, 2);
        cluster = members.join();
    }

    @AfterAll
    static void end() {
        cluster.close();
        members.close();
    }

    @BeforeEach
    void name() {
        pids = directory.resolve("pids");
    }

    @AfterEach
    void close() {
        workers.close();
    }

    /** Endless for -1: an interrupt would not end it. */
    private Task<Integer, Integer> task() {
        String file = pids.toString();
        return i -> {
            TestFiles.add(file, ProcessHandle.current().pid());
            while (i == -1) {
                Thread.onSpinWait();
            }
            return i;
        };
    }

    private long awaitPid() {
        Patience.until("the task runs", () -> !TestFiles.lines(pids).isEmpty());
        return Long.parseLong(TestFiles.lines(pids).get(0));
    }

    private static void awaitEnd(long pid) {
        long begun = System.nanoTime();
        Patience.until("the process has ended", () -> !Signals.isAlive(pid));
        System.out.println(
                "ended " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + " ms after the cancel");
    }

    @Test
    void shouldEndTheProcessOfACancelledTask() {
        lox.sync.Scatter<Integer, Integer> function = lox.sync.Lox.on(workers, task());
        CompletableFuture<Integer> result = function.submit(-1);
        long pid = awaitPid();
        result.cancel(true);
        awaitEnd(pid);
        assertThat(function.submit(5).join()).isEqualTo(5);
    }

    @Test
    void shouldEndTheProcessWhenTheTimeIsOver() {
        lox.sync.Scatter<Integer, Integer> function = lox.sync.Lox.on(workers, task());
        function.scatter(-1);
        long pid = awaitPid();
        assertThatThrownBy(() -> function.gather(Duration.ofMillis(100))).isInstanceOf(GatherTimeoutException.class);
        awaitEnd(pid);
        assertThat(function.submit(5).join()).isEqualTo(5);
    }

    @Test
    void shouldEndTheProcessOfACancelledMono() {
        lox.reactor.Scatter<Integer, Integer> function = lox.reactor.Lox.on(workers, task());
        reactor.core.Disposable subscription = function.submit(-1).subscribe();
        long pid = awaitPid();
        subscription.dispose();
        awaitEnd(pid);
        assertThat(function.submit(5).block(Patience.LIMIT)).isEqualTo(5);
    }

    @Test
    void shouldEndTheProcessOfADisposedSingle() {
        lox.rxjava.Scatter<Integer, Integer> function = lox.rxjava.Lox.on(workers, task());
        Disposable subscription = function.submit(-1).subscribe();
        long pid = awaitPid();
        subscription.dispose();
        awaitEnd(pid);
        assertThat(function.submit(5)
                        .timeout(Patience.SECONDS, TimeUnit.SECONDS)
                        .blockingGet())
                .isEqualTo(5);
    }
}
