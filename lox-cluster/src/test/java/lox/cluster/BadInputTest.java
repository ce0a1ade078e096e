package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A message names what is wrong, and nothing is half started. */
class BadInputTest {
    @TempDir
    Path directory;

    private Path token = Path.of("");

    @BeforeEach
    void write() throws Exception {
        token = secret("token", "rw-------");
    }

    private Path secret(String name, String permissions) throws Exception {
        Path file = directory.resolve(name);
        Files.createFile(file);
        Files.writeString(file, "a secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private void checkRefused(List<String> arguments, String... words) throws Exception {
        MemberProcess member = MemberProcess.start(arguments.toArray(String[]::new));
        String output = member.awaitOutput();
        assertThat(member.process().waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("LoxMember: ").contains(words).doesNotContain("ready");
        assertThat(member.process().exitValue()).as(output).isEqualTo(2);
    }

    private List<String> with(String... options) {
        List<String> all = new ArrayList<>(List.of("--token-file", token.toString()));
        if (!List.of(options).contains("--bind")) {
            all.addAll(List.of("--bind", "127.0.0.1:0"));
        }
        all.addAll(List.of(options));
        return all;
    }

    private static Stream<Arguments> badOptions() {
        return Stream.of(
                Arguments.of(List.of("--join", "no-such-host.invalid:7800"), "no-such-host.invalid"),
                Arguments.of(List.of("--join", "127.0.0.1"), "\"127.0.0.1\" is no host:port"),
                Arguments.of(List.of("--bind", "192.0.2.1:0"), "192.0.2.1 is no address of this machine"),
                Arguments.of(List.of("--bind", "0.0.0.0:0"), "stands for all addresses"),
                Arguments.of(List.of("--slots", "0"), "slots must be 1 or more, but was 0"),
                Arguments.of(List.of("--slots", "many"), "--slots \"many\" is no number"),
                Arguments.of(List.of("--slots"), "--slots needs a value"),
                Arguments.of(List.of("--fast"), "there is no option --fast"),
                Arguments.of(List.of("--name", "a", "--name", "b"), "--name stands twice"),
                Arguments.of(List.of("--keystore", "store.p12"), "--keystore-password-file"));
    }

    @ParameterizedTest
    @MethodSource("badOptions")
    void shouldNameTheOptionThatCannotBeUsed(List<String> options, String words) throws Exception {
        checkRefused(with(options.toArray(String[]::new)), words);
    }

    @Test
    void shouldNameAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            checkRefused(with("--bind", "127.0.0.1:" + port, "--data-port", "0"), "port " + port, "taken");
            checkRefused(with("--data-port", port), "data port " + port, "taken");
        }
    }

    @Test
    void shouldNameATokenFileThatIsNoSecret() throws Exception {
        Path missing = directory.resolve("missing");
        checkRefused(List.of("--token-file", missing.toString()), missing.toString(), "is not there");
        Path open = secret("open", "rw-r--r--");
        checkRefused(List.of("--token-file", open.toString()), open.toString(), "read or written by others");
    }

    @Test
    void shouldNameAKeyStoreThatIsNone() throws Exception {
        Path store = secret("store.p12", "rw-------");
        checkRefused(
                with("--keystore", store.toString(), "--keystore-password-file", token.toString()), store.toString());
    }

    @Test
    void shouldNotListenForStrangersWithoutATokenOrTls() throws Exception {
        checkRefused(List.of("--bind", "127.0.0.1:0"), "a token or TLS is needed");
    }

    @Test
    void shouldNameWhatAProgramCannotUse() {
        assertThatThrownBy(() -> Cluster.join("no-such-host.invalid:7800", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-such-host.invalid");
        assertThatThrownBy(() -> Cluster.join("127.0.0.1:70000", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("70000");
        assertThatThrownBy(() -> Cluster.join("127.0.0.1:7800", " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cluster.builder().seeds("127.0.0.1:7800").join())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a token or TLS is needed");
        assertThatThrownBy(() -> Cluster.builder().token("secret").join()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Cluster.builder().seeds("127.0.0.1:1").seeds("127.0.0.1:2"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> LocalMembers.start(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTakeMachinesOfLoxAlone() {
        assertThatThrownBy(() -> Workers.processes(1).on(new lox.sync.process.Machines() {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lox-cluster");
    }
}
