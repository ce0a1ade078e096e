package lox.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.ClusterUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member whose lox says that it is another version is not used, and the message says why. */
class OtherLoxTest {
    @TempDir
    Path directory;

    /** A jar before the others on the class path, in which the package of that class has another version. */
    private Path jarOfAnotherVersion() throws IOException {
        Path jar = directory.resolve("other.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "9.9");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream content = Objects.requireNonNull(Workers.class.getResourceAsStream("Workers.class"))) {
            out.putNextEntry(new JarEntry(Workers.class.getName().replace('.', '/') + ".class"));
            content.transferTo(out);
        }
        return jar;
    }

    @Test
    void shouldSayThatAMemberRunsAnotherLox() throws Exception {
        Path token = directory.resolve("token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "a secret\n");
        MemberProcess member = MemberProcess.start(
                List.of(),
                List.of(jarOfAnotherVersion().toString()),
                "--bind",
                "127.0.0.1:0",
                "--name",
                "other",
                "--token-file",
                token.toString());
        try (Cluster cluster = Cluster.join("127.0.0.1:" + member.awaitReady(), "a secret");
                Workers workers = Workers.processes(1).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i);
            assertThatThrownBy(() -> function.gather(List.of(1)))
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("other: it runs lox 9.9, this program lox ");
        } finally {
            member.process().destroyForcibly();
        }
    }
}
