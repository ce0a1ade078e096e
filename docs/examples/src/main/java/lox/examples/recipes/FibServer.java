package lox.examples.recipes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/asynchronous-server.md. */
public class FibServer {
    private static final Scatter<Integer, Long> fib = Lox.thread(2, FibServer::fib); // or Lox.process(2, …)

    static long fib(int n) {
        return n <= 2 ? 1 : fib(n - 1) + fib(n - 2);
    }

    private static void accept(AsynchronousServerSocketChannel listener) {
        listener.accept(listener, FibServer.<AsynchronousSocketChannel>then(client -> {
            accept(listener); // the next client
            read(client);
        }));
    }

    private static void read(AsynchronousSocketChannel client) {
        ByteBuffer line = ByteBuffer.allocate(32); // a line that comes in pieces would need more code
        client.read(line, client, FibServer.<Integer>then(count -> {
            if (count < 0) {
                client.close(); // it has left
                return;
            }
            int n = Integer.parseInt(new String(line.array(), 0, count, US_ASCII).strip());
            fib.submit(n) // the event loop goes on meanwhile
                    .thenAccept(result -> write(client, result))
                    .exceptionally(failure -> {
                        close(client);
                        return null;
                    });
        }));
    }

    private static void write(AsynchronousSocketChannel client, long result) {
        ByteBuffer line = ByteBuffer.wrap((result + "\n").getBytes(US_ASCII));
        client.write(line, client, FibServer.<Integer>then(count -> read(client))); // the next line
    }

    private interface Step<T> {
        void run(T value) throws IOException;
    }

    /** What comes next; a failure closes the channel. */
    private static <T> CompletionHandler<T, Channel> then(Step<T> next) {
        return new CompletionHandler<>() {
            @Override
            public void completed(T value, Channel channel) {
                try {
                    next.run(value);
                } catch (IOException | RuntimeException e) {
                    failed(e, channel);
                }
            }

            @Override
            public void failed(Throwable failure, Channel channel) {
                close(channel);
            }
        };
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            System.err.println("close: " + e);
        }
    }

    public static void main(String[] args) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (AsynchronousServerSocketChannel listener =
                AsynchronousServerSocketChannel.open().bind(address)) {
            accept(listener);
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            try (Socket slow = new Socket(address.getAddress(), port);
                    Socket quick = new Socket(address.getAddress(), port)) {
                slow.getOutputStream().write("35\n".getBytes(US_ASCII)); // takes long
                System.out.println(ask(quick, 20));
                System.out.println(ask(quick, 10));
                System.out.println(answer(slow));
            }
        }
    }

    private static String ask(Socket server, int n) throws IOException {
        server.getOutputStream().write((n + "\n").getBytes(US_ASCII));
        return answer(server);
    }

    private static String answer(Socket server) throws IOException {
        return new BufferedReader(new InputStreamReader(server.getInputStream(), US_ASCII)).readLine();
    }
}
