package lox.examples.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/service-that-never-ends.md. */
public class EchoService {
    static String serve(Socket client) {
        try (client;
                BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
                PrintWriter out = new PrintWriter(client.getOutputStream(), true, UTF_8)) {
            client.setSoTimeout(30_000); // in milliseconds: a client that is silent for longer is given up
            String line = in.readLine();
            if (line == null || line.isEmpty()) {
                throw new IOException("nothing said"); // the client sees the end of its connection
            }
            out.println("you said " + line);
            return "served " + line;
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    static Stream<Socket> connections(ServerSocket listener) {
        return Stream.generate(() -> accept(listener))
                .takeWhile(Optional::isPresent)
                .map(Optional::get);
    }

    private static Optional<Socket> accept(ServerSocket listener) {
        try {
            return Optional.of(listener.accept());
        } catch (IOException closed) {
            return Optional.empty(); // the end of the stream
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Scatter<Socket, String> serve = Lox.thread(100, EchoService::serve);
        ConcurrentSkipListSet<String> log = new ConcurrentSkipListSet<>();
        CompletableFuture<Void> service = CompletableFuture.runAsync(() -> {
            try (Stream<String> reports = serve.mapUnordered(connections(listener))) { // at most 100 clients at once
                reports.forEach(log::add); // in a program that never ends: log it
            }
        });

        System.out.println(ask(listener, "hello"));
        System.out.println(ask(listener, "goodbye"));
        System.out.println(ask(listener, ""));

        listener.close(); // nobody new is accepted; those that are connected are served
        service.join();
        log.forEach(System.out::println);
    }

    private static String ask(ServerSocket listener, String question) throws IOException {
        try (Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
                PrintWriter out = new PrintWriter(socket.getOutputStream(), true, UTF_8);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
            out.println(question);
            return in.readLine();
        }
    }
}
