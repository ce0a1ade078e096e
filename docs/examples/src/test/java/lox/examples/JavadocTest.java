package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples in the libraries' Javadoc compile without a warning, and run. */
class JavadocTest {
    @TempDir
    static Path classes = Path.of("");

    static List<JavadocSample> samples() throws IOException {
        return JavadocSample.all();
    }

    @BeforeAll
    static void shouldCompileEverySample() throws IOException {
        assertThat(SampleCompiler.compile(samples(), classes)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRun(JavadocSample sample) throws Exception {
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {classes.toUri().toURL()});
                JavadocGround ground = (JavadocGround)
                        loader.loadClass(sample.className()).getConstructor().newInstance()) {
            Printed.by(ground::run);
        }
    }

    @Test
    void shouldFindSamplesInEachLibraryAndKnowThem() throws IOException {
        assertThat(samples())
                .extracting(JavadocSample::of)
                .contains("sync.Lox#1", "reactor.Lox#1", "rxjava.Lox#1", "sync.lock.QLock#1")
                .hasSizeGreaterThan(40);
        assertThat(JavadocSurroundings.idle(samples())).isEmpty();
    }
}
