package lox.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class StopOnSignalTest {
    @Test
    void shouldFinishWhatHasBegunWhenTheProgramIsToldToEnd() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StopOnSignal.class.getName(),
                        "1000000")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> begun = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        try (BufferedReader lines = program.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("begun ")) {
                    begun.add(line.substring("begun ".length()));
                } else if (line.startsWith("ended ")) {
                    ended.add(line.substring("ended ".length()));
                }
                if (line.equals("begun 2")) {
                    program.toHandle().destroy(); // SIGTERM
                }
            }
            assertThat(program.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            program.destroyForcibly();
        }
        assertThat(program.exitValue()).isEqualTo(128 + 15);
        assertThat(begun).hasSizeBetween(3, 999_999).isEqualTo(ended);
    }
}
