package lox.examples.recipes;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/downloader.md. */
public class Downloader {
    static int download(URI photo) throws IOException {
        try (InputStream in = photo.toURL().openStream()) { // blocks
            return in.readAllBytes().length;
        }
    }

    static class Client {
        private static final HttpClient http = HttpClient.newHttpClient();

        static CompletableFuture<Integer> download(URI photo) { // does not block
            HttpRequest get = HttpRequest.newBuilder(photo).build();
            return http.sendAsync(get, HttpResponse.BodyHandlers.ofByteArray())
                    .thenApply(response -> response.body().length);
        }
    }

    static Scatter<URI, Integer> downloader(String kind) {
        return switch (kind) {
            case "processes" -> Lox.process(2, Downloader::download);
            case "threads" -> Lox.thread(20, Downloader::download);
            case "virtual threads" -> Lox.virtual(1_000, Downloader::download);
            case "event loop" -> Lox.async(1_000, Client::download);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write(new byte[1_000]);
            exchange.close();
        });
        server.start();
        String address = "http://localhost:" + server.getAddress().getPort() + "/photo";
        List<URI> photos =
                IntStream.range(0, 20).mapToObj(n -> URI.create(address + n)).toList();

        List<String> kinds = new ArrayList<>(List.of("processes", "threads", "event loop"));
        if (Runtime.version().feature() >= 21) {
            kinds.add("virtual threads");
        }
        Set<Integer> bytes = new TreeSet<>();
        for (String kind : kinds) {
            Scatter<URI, Integer> download = downloader(kind);
            photos.forEach(download::scatter);
            bytes.add(download.gather().stream().mapToInt(Integer::intValue).sum());
        }
        System.out.println("bytes, by whatever kind: " + bytes);
        server.stop(0);
    }
}
