package lox.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What submits keep, in a JVM with a heap of 96 MiB. */
class SubmitMemoryTest {
    @TempDir
    Path folder;

    @Test
    void shouldKeepNothingOfManySubmits() throws Exception {
        Path output = folder.resolve("output");
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(program.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            program.destroyForcibly();
        }
        assertThat(output).content().contains("524288000 bytes", "499999 small ones, [], 0 pending");
    }

    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            Scatter<Integer, byte[]> fetch = Lox.thread(4, i -> {
                if (i < 0) {
                    throw new IllegalStateException("handled");
                }
                return new byte[1 << 20];
            });
            Long bytes = Flux.range(0, 500)
                    .flatMap(
                            i -> fetch.submit(-1)
                                    .onErrorResume(failure -> Mono.empty())
                                    .then(fetch.submit(i)),
                            2)
                    .map(page -> (long) page.length)
                    .reduce(0L, Long::sum)
                    .block();
            Scatter<Integer, Integer> small = Lox.thread(2, i -> i);
            Integer last = Flux.range(0, 500_000)
                    .flatMap(small::submit, 8)
                    .reduce(0, Math::max)
                    .block();
            List<byte[]> gathered = fetch.gather().block();
            System.out.println(bytes + " bytes");
            System.out.println(
                    last + " small ones, " + gathered + ", " + (small.pending() + fetch.pending()) + " pending");
        }
    }
}
