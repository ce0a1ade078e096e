package lox.sync.internal.blockhound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.internal.time.SpinWait;
import lox.sync.lock.Permit;
import lox.sync.lock.QLock;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The integration is there for BlockHound, and nobody else meets it. */
class WithoutBlockHoundTest {
    @TempDir
    private Path directory;

    @Test
    void shouldBeFoundByBlockHound() {
        assertThat(ServiceLoader.load(BlockHoundIntegration.class))
                .anyMatch(integration -> integration instanceof LoxBlockHoundIntegration);
    }

    @Test
    void shouldNeverBeLoadedWithoutBlockHound() throws Exception {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        place(Lox.class) + File.pathSeparator + place(WithoutBlockHoundTest.class),
                        WithoutBlockHound.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed)
                .contains("[1, 2, 3]")
                .contains(SpinWait.class.getName())
                .doesNotContain(LoxBlockHoundIntegration.class.getName())
                .doesNotContain("reactor.blockhound");
    }

    private static Path place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** A program that has no BlockHound. */
    static final class WithoutBlockHound {
        private WithoutBlockHound() {}

        public static void main(String[] arguments) throws InterruptedException {
            QLock lock = new QLock();
            Scatter<Integer, Integer> function = Lox.thread(2, (Integer i) -> {
                try (Permit permit = lock.acquire()) {
                    return permit == null ? 0 : i;
                }
            });
            for (int i = 1; i <= 3; i++) {
                function.scatter(i);
            }
            System.out.println(function.gather());
            SpinWait.pause();
        }
    }
}
