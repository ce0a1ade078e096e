package lox.sync.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that end in order: by the end of main, or by exit. */
class EndOfProgramTest {
    private static final int LINES = 5_000;

    @TempDir
    private Path directory;

    private String run(Class<?> program, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 3];
        all[0] = "-cp";
        all[1] = System.getProperty("java.class.path");
        all[2] = program.getName();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Program.run(directory, all);
    }

    /** Prints in a task, then ends. */
    static final class Printing {
        private Printing() {}

        public static void main(String[] arguments) {
            Scatter<Integer, Integer> print = Lox.process(1, lines -> {
                for (int i = 0; i < lines; i++) {
                    System.out.println("line " + i);
                }
                System.out.print("the end");
                return lines;
            });
            print.scatter(LINES);
            print.gather();
        }
    }

    @Test
    void shouldPrintAllThatTasksHavePrinted() throws Exception {
        for (int round = 0; round < 3; round++) {
            assertThat(run(Printing.class).lines().toList())
                    .hasSize(LINES + 1)
                    .endsWith("line " + (LINES - 1), "the end");
        }
    }

    /** Its children have shutdown hooks; so have theirs. */
    static final class Hooks {
        private Hooks() {}

        public static void main(String[] arguments) {
            Scatter<String, Integer> outer = Lox.process(1, what -> {
                hook("outer");
                Scatter<String, Integer> inner = Lox.process(1, more -> {
                    hook("inner");
                    return 1;
                });
                inner.scatter(what);
                return inner.gather().get(0);
            });
            outer.scatter("");
            outer.gather();
            if (arguments[0].equals("exit")) {
                System.exit(0);
            }
        }

        private static void hook(String name) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                IntStream.range(0, 100).forEach(i -> System.out.println(name + " " + i));
                System.out.println(name + " has ended");
            }));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "end of main"})
    void shouldRunTheShutdownHooksOfChildren(String how) throws Exception {
        assertThat(run(Hooks.class, how).lines().toList()).hasSize(202).contains("inner has ended", "outer has ended");
    }

    /** Its children do not want to end, in many ways. */
    static final class Stuck {
        private Stuck() {}

        public static void main(String[] arguments) {
            Workers jvms = Workers.processes(2).build();
            Scatter<Integer, Integer> task = Lox.on(jvms, i -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> Processes.pause(600_000)));
                if (i == 0) {
                    System.out.println("stuck");
                    new CountDownLatch(1).await();
                }
                return i;
            });
            task.scatter(1);
            task.gather();
            task.scatter(0);
            Scatter<Integer, Integer> other = Lox.on(jvms, i -> i);
            other.scatter(1);
            other.gather();
            System.out.println("main ends");
        }
    }

    @Test
    void shouldNotWaitForHooksForLong() throws Exception {
        assertThat(run(Stuck.class)).contains("main ends").doesNotContain("Exception");
    }
}
