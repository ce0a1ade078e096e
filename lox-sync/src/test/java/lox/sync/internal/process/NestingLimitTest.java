package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes that need worker processes. */
class NestingLimitTest {
    @TempDir
    private Path directory;

    /** Its main class needs a process to be initialized, in which it has to be initialized. */
    private static final String ENDLESS = """
            package app;
            import lox.sync.*;
            public class Main {
                private static final Scatter<Integer, Integer> TWICE = Lox.process(1, Main::twice);
                static {
                    TWICE.scatter(1);
                    try {
                        System.out.println("gathered " + TWICE.gather());
                    } catch (IllegalStateException refused) {
                        System.out.println("refused " + refused.getMessage());
                    }
                }
                private static int twice(int i) {
                    return 2 * i;
                }
                public static void main(String[] arguments) {
                    TWICE.scatter(2);
                    System.out.println("main " + TWICE.gather());
                }
            }
            """;

    @Test
    void shouldNotStartProcessesForAClassInitializerThatRunsInThemAgain() throws Exception {
        String path = System.getProperty("java.class.path");
        Path classes = Program.compile(directory, List.of("-cp", path), Map.of("app/Main.java", ENDLESS));

        String printed = Program.run(directory, "-cp", classes + File.pathSeparator + path, "app.Main");

        assertThat(printed.lines().toList()).hasSize(3).endsWith("gathered [2]", "main [4]");
        assertThat(printed).startsWith("refused ").contains("static initializer of app.Main ");
    }

    private static int depth() {
        return Integer.getInteger("lox.process.depth", 0);
    }

    @Test
    void shouldNestProcesses() {
        Scatter<Integer, Integer> outer = Lox.process(1, i -> {
            Scatter<Integer, Integer> inner = Lox.process(1, j -> depth());
            inner.scatter(i);
            return 10 * depth() + inner.gather().get(0);
        });
        outer.scatter(1);
        assertThat(outer.gather()).containsExactly(10 * (depth() + 1) + depth() + 2);
    }

    @Test
    void shouldNotNestProcessesWithoutEnd() {
        try (Workers jvms = Workers.processes(1)
                .jvmArgs("-Dlox.process.depth=" + NestingLimit.DEEPEST)
                .build()) {
            Scatter<Integer, Integer> outer = Lox.on(jvms, i -> {
                Scatter<Integer, Integer> inner = Lox.process(1, j -> j);
                inner.scatter(i);
                return inner.gather().get(0);
            });
            outer.scatter(1);
            assertThatThrownBy(outer::gather).hasMessageContaining("nested " + NestingLimit.DEEPEST + " deep");
        }
    }

    /** A static field with workers is no reason: its initializer has ended. */
    @Test
    void shouldLookAtInitializersThatRun() {
        NestingLimit.check("pool", 0, Set.of());
        NestingLimit.check("pool", NestingLimit.DEEPEST - 1, Set.of(NestingLimitTest.class.getName()));
        assertThatThrownBy(() -> NestingLimit.check("pool", NestingLimit.DEEPEST, Set.of()))
                .isInstanceOf(IllegalStateException.class);
    }
}
