package lox.sync.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody but the worker that was started gets in, and nothing secret can be seen from outside. */
@Timeout(60)
class SecurityTest {
    private static SocketChannel connect(Path socket, byte[] said) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        channel.write(ByteBuffer.wrap(said));
        return channel;
    }

    @Test
    void shouldDropStrangersAndTakeWhoKnowsTheToken() throws Exception {
        try (WorkerDirectory directory = WorkerDirectory.create()) {
            Path socket = directory.path().resolve("socket");
            try (Meeting meeting = new Meeting(socket)) {
                CompletableFuture<SocketChannel> met = CompletableFuture.supplyAsync(() -> {
                    try {
                        return meeting.await(() -> false, 30);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                SocketChannel silent = connect(socket, new byte[0]);
                SocketChannel hasty = connect(socket, new byte[3]);
                hasty.close();
                SocketChannel guessing = connect(socket, new byte[Protocol.TOKEN_BYTES]);
                assertThat(guessing.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(met).isNotDone();

                SocketChannel worker = connect(socket, meeting.token());
                SocketChannel parentsEnd = met.get(20, TimeUnit.SECONDS);
                parentsEnd.configureBlocking(true);
                parentsEnd.write(ByteBuffer.wrap(new byte[] {7}));
                ByteBuffer heard = ByteBuffer.allocate(1);
                assertThat(worker.read(heard)).isEqualTo(1);
                assertThat(heard.get(0)).isEqualTo((byte) 7);

                for (SocketChannel channel : List.of(silent, guessing, worker, parentsEnd)) {
                    channel.close();
                }
            }
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void shouldLetTheOwnerAloneIntoTheDirectory() throws IOException {
        Path path;
        try (WorkerDirectory directory = WorkerDirectory.create()) {
            path = directory.path();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
        assertThat(path).doesNotExist();
    }

    private record Visible(String commandLine, Map<String, String> environment) implements Serializable {}

    @Test
    void shouldShowNothingInArgumentsAndEnvironmentButWhatTheUserPutThere() {
        try (Workers jvms =
                Workers.processes(1).env(Map.of("LOX_TEST", "of the user")).build()) {
            Scatter<Integer, Visible> function = Lox.on(
                    jvms,
                    i -> new Visible(
                            ProcessHandle.current().info().commandLine().orElse(""), Map.copyOf(System.getenv())));
            function.scatter(1);
            Visible visible = function.gather().get(0);

            assertThat(visible.commandLine()).matches("\\S+/bin/java @\\S+/arguments");
            assertThat(visible.environment())
                    .containsEntry("LOX_TEST", "of the user")
                    .allSatisfy(
                            (name, value) -> assertThat(value.equals(System.getenv(name)) || name.equals("LOX_TEST"))
                                    .as("%s=%s", name, value)
                                    .isTrue());
        }
    }
}
