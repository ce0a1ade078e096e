package lox.sync.internal.process;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody but the worker that was started gets in, and nothing secret can be seen from outside. */
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
            try (Handshake handshake = new Handshake(socket)) {
                CompletableFuture<SocketChannel> met = CompletableFuture.supplyAsync(() -> {
                    try {
                        return handshake.await(() -> false, 30);
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

                SocketChannel worker = connect(socket, handshake.token());
                SocketChannel parentsEnd = met.get(Patience.SECONDS, TimeUnit.SECONDS);
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
    void shouldNotTakeAWorkerThatWasKilledForAStranger() throws IOException {
        try (Warnings warnings = Warnings.open();
                WorkerDirectory directory = WorkerDirectory.create()) {
            Path socket = directory.path().resolve("socket");
            try (Handshake handshake = new Handshake(socket)) {
                connect(socket, Arrays.copyOf(handshake.token(), 5)).close();
                assertThat(handshake.await(looks(5), 30)).isNull();
                assertThat(warnings.messages()).isEmpty();
                connect(socket, new byte[0]).close();
                connect(socket, new byte[0]).close();
                assertThat(handshake.await(looks(5), 30)).isNull();
                assertThat(warnings.messages()).as("one of the two").hasSize(1);
                connect(socket, new byte[0]).close();
                SocketChannel worker = connect(socket, handshake.token());
                SocketChannel parentsEnd = handshake.await(() -> false, 30);
                assertThat(parentsEnd).isNotNull();
                Objects.requireNonNull(parentsEnd).close();
                worker.close();
                assertThat(warnings.messages()).as("it was not the worker").hasSize(2);
            }
        }
    }

    private static BooleanSupplier looks(int many) {
        int[] left = {many};
        return () -> --left[0] < 0;
    }

    /**
     * In a JVM of its own, because it says that this one ends: who hangs up before that is told of, who does so then
     * is not.
     */
    static final class AtTheEnd {
        private AtTheEnd() {}

        public static void main(String[] args) throws IOException {
            try (WorkerDirectory directory = WorkerDirectory.create();
                    Handshake handshake = new Handshake(directory.path().resolve("socket"))) {
                List<SocketChannel> open = new ArrayList<>();
                Path socket = directory.path().resolve("socket");
                connect(socket, new byte[3]).close();
                hear(handshake);
                System.err.println("first");
                open.add(connect(socket, new byte[Protocol.TOKEN_BYTES]));
                open.add(connect(socket, new byte[3]));
                hear(handshake);
                System.err.println("second");
                SocketChannel guessing = connect(socket, new byte[Protocol.TOKEN_BYTES]);
                open.get(1).close();
                WorkerDirectory.endOfJvm(); // the path is gone, connections are not
                hear(handshake);
                System.err.println("third");
                guessing.close();
                open.get(0).close();
            }
        }

        /** Whoever has connected is taken in at the first look, and heard at the second. */
        private static void hear(Handshake handshake) throws IOException {
            int[] looks = {0};
            assertThat(handshake.await(() -> ++looks[0] > 4, 30)).isNull();
        }
    }

    @Test
    void shouldLogWhoeverIsDroppedButNotAWorkerThatHangsUpAsThisJvmEnds(@TempDir Path directory) throws Exception {
        String printed = Program.run(directory, "-cp", System.getProperty("java.class.path"), AtTheEnd.class.getName());

        List<String> warnings = printed.lines()
                .filter(line -> line.matches("WARNING: .*|first|second|third"))
                .map(line ->
                        line.replaceAll("WARNING: a connection to .*/socket without the token was dropped", "dropped"))
                .toList();
        assertThat(warnings).as(printed).containsExactly("dropped", "first", "dropped", "second", "dropped", "third");
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

            assertThat(visible.commandLine()).matches("\\S+/bin/java @\\S+/arguments \\S+-worker-1 \\d+");
            assertThat(visible.environment())
                    .containsEntry("LOX_TEST", "of the user")
                    .allSatisfy(
                            (name, value) -> assertThat(value.equals(System.getenv(name)) || name.equals("LOX_TEST"))
                                    .as("%s=%s", name, value)
                                    .isTrue());
        }
    }
}
