package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What makes two builds of one commit differ, looked for in the jars of one: times, the order of files, and the folder of
 * the build. The bytes of two builds are compared by .ci/build-again.
 */
class ReproducibleJarsTest {
    private static List<String> modules() {
        return PublishedModules.withJars();
    }

    /** The jars of a module; none of them after a build that has not come to the phase package, which CI's does. */
    private static List<Path> jars(String module) throws IOException {
        String version = PublishedModules.texts(PublishedModules.pomOf(module), "/project/parent/version")
                .get(0);
        List<Path> jars = Stream.of("", "-sources", "-javadoc")
                .map(kind -> PublishedModules.ROOT.resolve(
                        Path.of(module, "target", module + "-" + version + kind + ".jar")))
                .toList();
        boolean packaged = jars.stream().anyMatch(Files::exists);
        Assumptions.assumeTrue(packaged || "true".equals(System.getenv("CI")), "no jars yet");
        assertThat(jars).allSatisfy(jar -> assertThat(jar).exists());
        return jars;
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldGiveEachEntryTheTimeThatThePomSays(String module) throws IOException {
        LocalDateTime time = OffsetDateTime.parse(PublishedModules.texts(
                                PublishedModules.pom(PublishedModules.ROOT.resolve("pom.xml")),
                                "/project/properties/project.build.outputTimestamp")
                        .get(0))
                .toLocalDateTime();
        LocalDateTime kept = time.minusSeconds(time.getSecond() % 2); // a jar has even seconds alone
        for (Path jar : jars(module)) {
            assertThat(entries(jar))
                    .as("%s; after another project.build.outputTimestamp: mvn package", jar)
                    .allSatisfy(entry ->
                            assertThat(entry.getTimeLocal()).as(entry.getName()).isEqualTo(kept));
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldNotTakeTheOrderOfTheFileSystem(String module) throws IOException {
        for (Path jar : jars(module)) {
            // What the archiver makes itself comes first; then each folder of sources or resources, sorted.
            List<String> names = entries(jar).stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/"))
                    .toList();
            long descents = IntStream.range(1, names.size())
                    .filter(i -> names.get(i - 1).compareTo(names.get(i)) > 0)
                    .count();
            assertThat(descents)
                    .as("%s: %s", jar, names)
                    .isLessThanOrEqualTo(jar.toString().endsWith("-sources.jar") ? 1 : 0);
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldNotNameTheFolderOfTheBuild(String module) throws IOException {
        String folder = PublishedModules.ROOT.toRealPath().toString();
        for (Path jar : jars(module)) {
            try (ZipFile file = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : entries(jar)) {
                    try (InputStream content = file.getInputStream(entry)) {
                        String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
                        assertThat(text.contains(folder))
                                .as("%s in %s names %s", entry, jar, folder)
                                .isFalse();
                    }
                }
            }
        }
    }

    private static List<ZipEntry> entries(Path jar) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile())) {
            List<ZipEntry> entries = new ArrayList<>(Collections.list(file.entries()));
            assertThat(entries).as(jar.toString()).hasSizeGreaterThan(5);
            return entries;
        }
    }
}
