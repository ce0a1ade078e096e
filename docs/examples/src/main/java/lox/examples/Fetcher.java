package lox.examples;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** The functions that the examples scatter over: calls that know nothing of lox, most of which block. */
final class Fetcher {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Gets one page. */
    byte[] fetch(URI page) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }

    /** Gets one page and tells how many bytes it has. */
    int size(URI page) throws IOException, InterruptedException {
        return fetch(page).length;
    }

    /** Gets one page later: returns at once, and no thread waits for the answer. */
    CompletableFuture<byte[]> fetchAsync(URI page) {
        return client.sendAsync(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenCompose(response -> response.statusCode() == 200
                        ? CompletableFuture.completedFuture(response.body())
                        : CompletableFuture.failedFuture(new IOException("status " + response.statusCode())));
    }
}
