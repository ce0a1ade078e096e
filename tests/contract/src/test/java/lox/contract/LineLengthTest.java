package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The formatter wraps code and leaves comments alone: they end at the same column. */
class LineLengthTest {
    private static final int LONGEST = 120;

    private static List<String> modules() {
        return PublishedModules.withJars();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldEndEachLineInTime(String module) throws IOException {
        List<String> tooLong = new ArrayList<>();
        List<Path> sources = sources(module);
        for (Path source : sources) {
            for (String line : Files.readAllLines(source)) {
                if (line.codePointCount(0, line.length()) > LONGEST && !line.contains("{@link") && !isSample(line)) {
                    tooLong.add(source.getFileName() + ": " + line.strip());
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(10);
        assertThat(tooLong).isEmpty();
    }

    /** A line of a sample or of a diagram, and a string, cannot be broken everywhere. */
    private static boolean isSample(String line) {
        return line.matches("\\s*(\\* {2,}|\\* \\w+<.*;$|.*\" *\\+?.*\".*).*");
    }

    private static List<Path> sources(String module) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("..", "..", module, "src", "main", "java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
