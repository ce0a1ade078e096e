package lox.benchmarks.process;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the operating system gives: an array there and back over a Unix domain socket, one at a time, between two
 * threads that do nothing else. As lox has to, each side copies between a new array and a direct buffer.
 */
final class BareSocket {
    private static final int LENGTH = 1 << 20;
    private static final int PIECE = 128 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

    private BareSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 20);
    }

    /** Bytes a second, both ways counted: the median round, after as many that warm up. */
    static double bytesPerSecond(int arrays, int rounds) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("bare");
        Path path = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BareSocket.class.getName(),
                            path.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            double nanos;
            try (SocketChannel accepted = server.accept()) {
                BareSocket socket = new BareSocket(accepted);
                byte[] array = new byte[LENGTH];
                List<Double> took = new ArrayList<>();
                for (int round = 0; round < 2 * rounds; round++) {
                    List<byte[]> results = new ArrayList<>();
                    long begun = System.nanoTime();
                    for (int i = 0; i < arrays; i++) {
                        socket.write(array);
                        results.add(socket.read());
                    }
                    took.add((double) (System.nanoTime() - begun));
                    if (results.size() != arrays) {
                        throw new IllegalStateException("an array is missing");
                    }
                }
                nanos = took.subList(rounds, 2 * rounds).stream()
                        .sorted()
                        .toList()
                        .get(rounds / 2);
            }
            child.waitFor();
            return 2.0 * arrays * LENGTH / nanos * 1e9;
        } finally {
            Files.deleteIfExists(path);
            Files.delete(directory);
        }
    }

    /**
     * The child: sends back what comes.
     *
     * @param args the path of the socket
     * @throws IOException if the connection breaks
     */
    public static void main(String[] args) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
            BareSocket socket = new BareSocket(channel);
            for (; ; ) {
                socket.write(socket.read());
            }
        } catch (EOFException parentIsDone) {
            return;
        }
    }

    private void write(byte[] array) throws IOException {
        for (int at = 0; at < array.length; at += PIECE) {
            piece.clear().put(array, at, Math.min(PIECE, array.length - at)).flip();
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        }
    }

    private byte[] read() throws IOException {
        byte[] array = new byte[LENGTH];
        for (int at = 0; at < array.length; ) {
            piece.clear().limit(Math.min(PIECE, array.length - at));
            int count = channel.read(piece);
            if (count < 0) {
                throw new EOFException();
            }
            piece.flip().get(array, at, count);
            at += count;
        }
        return array;
    }
}
