package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import lox.cluster.internal.SecretFiles;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.process.ClusterUnavailableException;
import lox.test.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With TLS both sides show a certificate that the other trusts, on both ports. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // before the first test
    private static MemberProcess member;

    private static int port;

    @BeforeAll
    static void start() throws Exception {
        makeKeyStore("own.p12");
        makeKeyStore("foreign.p12");
        Path password = directory.resolve("password");
        Files.writeString(password, PASSWORD);
        makeSecret(password);
        member = MemberProcess.start(
                "--bind",
                "127.0.0.1:0",
                "--keystore",
                directory.resolve("own.p12").toString(),
                "--keystore-password-file",
                password.toString(),
                "--slots",
                "2");
        port = member.awaitReady();
    }

    @AfterAll
    static void end() {
        member.process().destroyForcibly();
    }

    private static void makeKeyStore(String name) throws Exception {
        Path file = directory.resolve(name);
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "node",
                        "-dname",
                        "CN=node",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        assertThat(tool.waitFor()).isZero();
        makeSecret(file);
    }

    private static void makeSecret(Path file) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static ClusterBuilder builder() {
        return Cluster.builder().seeds("127.0.0.1:" + port);
    }

    @Test
    void shouldRunTasksOverEncryptedConnections() {
        try (Cluster cluster = builder()
                        .tls(SecretFiles.readKeyStore(directory.resolve("own.p12"), PASSWORD))
                        .join();
                Workers workers = Workers.processes(2).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i + 1);
            List<Integer> numbers = IntStream.range(0, 1_000).boxed().toList();
            assertThat(function.gather(numbers))
                    .isEqualTo(numbers.stream().map(i -> i + 1).toList());
            Scatter<byte[], byte[]> echo = Lox.on(workers, bytes -> bytes);
            assertThat(echo.gather(List.of(new byte[5 << 20]))).hasSize(1);
        }
    }

    @Test
    void shouldRefuseAForeignCertificate() {
        checkRefused(builder().tls(SecretFiles.readKeyStore(directory.resolve("foreign.p12"), PASSWORD)));
    }

    @Test
    void shouldRefuseConnectionsWithoutACertificate() {
        checkRefused(builder().token("a secret"));
    }

    private static void checkRefused(ClusterBuilder stranger) {
        try (Cluster cluster = stranger.join();
                Workers workers = Workers.processes(1).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i + 1);
            assertThatThrownBy(() -> function.gather(List.of(1)))
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
            assertThat(cluster.members()).isEmpty();
        }
        assertThat(member.process().isAlive()).isTrue();
        Patience.until("it still serves", TlsTest::serves);
    }

    /** On a busy machine it may take longer to find a member than a search lasts. */
    private static boolean serves() {
        try (Cluster cluster = builder()
                        .tls(SecretFiles.readKeyStore(directory.resolve("own.p12"), PASSWORD))
                        .join();
                Workers workers = Workers.processes(1).on(cluster).build()) {
            Scatter<Integer, Integer> function = Lox.on(workers, i -> i + 1);
            assertThat(function.gather(List.of(1))).containsExactly(2);
            return true;
        } catch (ClusterUnavailableException notFound) {
            return false;
        }
    }
}
