package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

/** What only a JVM of its own can show. */
class ProgramEndTest {
    /** Leaves an idle worker, a running task and nothing closed behind. */
    static final class LeavesWorkersBehind {
        private LeavesWorkersBehind() {}

        public static void main(String[] arguments) {
            Scatter<Integer, Integer> idle = Lox.thread(i -> i * 2);
            idle.scatter(21);
            System.out.println(idle.gather());
            Scatter<Integer, Integer> stuck = Lox.thread(2, i -> {
                new CountDownLatch(1).await();
                return i;
            });
            stuck.scatter(1);
            System.out.println("main ends");
        }
    }

    /** Tells on which thread a task runs. */
    static final class TellsItsThread {
        private TellsItsThread() {}

        public static void main(String[] arguments) {
            Scatter<Integer, String> function =
                    Lox.thread(i -> Thread.currentThread().getName());
            function.scatter(1);
            System.out.println(function.gather());
        }
    }

    private static List<String> run(Class<?> main, boolean debug) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (debug) {
            builder.environment().put("LOX_DEBUG", "true");
        } else {
            builder.environment().remove("LOX_DEBUG");
        }
        Process process = builder.start();
        try {
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS))
                    .as("the program ends")
                    .isTrue();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.exitValue()).as(output).isZero();
            return output.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldEndWhenMainEnds() throws IOException, InterruptedException {
        assertThat(run(LeavesWorkersBehind.class, false)).containsExactly("[42]", "main ends");
    }

    @Test
    void shouldRunInTheCallersThreadWhileTheEnvironmentSaysDebug() throws IOException, InterruptedException {
        assertThat(run(TellsItsThread.class, true)).containsExactly("[main]");
        assertThat(run(TellsItsThread.class, false)).singleElement().asString().startsWith("[lox-threads-");
    }
}
