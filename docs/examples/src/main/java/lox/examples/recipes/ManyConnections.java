package lox.examples.recipes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/green-threads.md. */
public class ManyConnections {
    private static final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static Scatter<HttpRequest, Integer> get(int connections) {
        if (Runtime.version().feature() >= 21) {
            return Lox.virtual(
                    connections,
                    request -> client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode());
        }
        return Lox.async(
                connections,
                request -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode));
    }

    public static void main(String[] args) throws IOException {
        int connections = args.length == 0 ? 200 : Integer.parseInt(args[0]);
        HttpServer server = serverThatAnswersWhenAllAreThere(connections);
        URI address = URI.create("http://localhost:" + server.getAddress().getPort());
        HttpRequest request = HttpRequest.newBuilder(address).build();
        try {
            List<Integer> statuses = get(connections).gather(Collections.nCopies(connections, request));
            System.out.println(statuses.size() + " at once, all answered: "
                    + statuses.stream().allMatch(status -> status == 204));
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer serverThatAnswersWhenAllAreThere(int connections) throws IOException {
        List<HttpExchange> open = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), connections);
        server.createContext("/", exchange -> {
            open.add(exchange); // on the only thread of the server
            if (open.size() == connections) {
                for (HttpExchange each : open) {
                    each.sendResponseHeaders(204, -1);
                    each.close();
                }
            }
        });
        server.start();
        return server;
    }
}
