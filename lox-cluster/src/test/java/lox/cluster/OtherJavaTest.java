package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.ClusterUnavailableException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members on the other JDKs that are installed beside this one: those that are newer are used, those that are older
 * are not, and the message says why. The build runs this on its oldest JDK and on its newest.
 */
class OtherJavaTest {
    private static final int OLDEST = 17;
    private static final int OWN = Runtime.version().feature();

    /** A JDK, or a JRE. */
    private record JavaHome(Path path, int feature) {
        /** Of no version if there is none. */
        static JavaHome of(Path path) {
            Path release = path.resolve("release");
            if (!Files.isExecutable(path.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
                return new JavaHome(path, 0);
            }
            try (InputStream in = Files.newInputStream(release)) {
                Properties properties = new Properties();
                properties.load(in);
                String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
                return new JavaHome(path.toRealPath(), Integer.parseInt(version.split("\\D", 2)[0]));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @TempDir
    Path directory;

    private static List<JavaHome> others() throws IOException {
        Path place = Objects.requireNonNull(
                Path.of(System.getProperty("java.home")).toRealPath().getParent());
        try (Stream<Path> homes = Files.list(place)) {
            return homes.map(JavaHome::of)
                    .filter(home -> home.feature >= OLDEST && home.feature != OWN)
                    .distinct()
                    .toList();
        }
    }

    @Test
    void shouldUseMembersOnNewerJavaAndSayWhyNotThoseOnOlder() throws Exception {
        List<JavaHome> others = others();
        Assumptions.assumeFalse(others.isEmpty(), "no JDK but this one of " + OWN + " is installed beside it");
        Path token = directory.resolve("token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "a secret\n");
        for (JavaHome other : others) {
            MemberProcess member = MemberProcess.startOn(
                    other.path, "--bind", "127.0.0.1:0", "--name", "other", "--token-file", token.toString());
            try (Cluster cluster = Cluster.join("127.0.0.1:" + member.awaitReady(), "a secret");
                    Workers workers = Workers.processes(1).on(cluster).build()) {
                Scatter<Integer, Integer> version =
                        Lox.on(workers, i -> i + Runtime.version().feature());
                if (other.feature > OWN) {
                    assertThat(version.gather(List.of(1_000))).containsExactly(1_000 + other.feature);
                } else {
                    assertThatThrownBy(() -> version.gather(List.of(1_000)))
                            .isInstanceOf(ClusterUnavailableException.class)
                            .hasMessageContaining("other: it runs Java " + other.feature + ", this program Java " + OWN
                                    + ": a member needs the same or a newer one");
                }
                System.out.println("a member on Java " + other.feature + ", a program on " + OWN);
            } finally {
                member.process().destroyForcibly();
            }
        }
    }
}
