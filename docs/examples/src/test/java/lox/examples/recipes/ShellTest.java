package lox.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {
    @Test
    void shouldKillACommandAndItsChildrenWhenItsTaskIsCancelled(@TempDir Path folder) throws Exception {
        Path pids = folder.resolve("pids");
        String line = "sleep 600 & echo $$ $! > " + pids + ".new; mv " + pids + ".new " + pids + "; wait";
        Scatter<List<String>, Shell.Result> run = Lox.thread(1, Shell::run);
        CompletableFuture<Shell.Result> result = run.submit(List.of("sh", "-c", line));
        Patience.until("the command has started its child", () -> Files.exists(pids));
        List<Long> started = List.of(Files.readString(pids).strip().split(" ")).stream()
                .map(Long::valueOf)
                .toList();
        assertThat(started).hasSize(2).allMatch(ShellTest::runs);

        result.cancel(true);

        Patience.until("both have ended", () -> started.stream().noneMatch(ShellTest::runs));
    }

    /** A process that has ended, and that nobody has waited for, still has a handle, but no command any more. */
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }
}
