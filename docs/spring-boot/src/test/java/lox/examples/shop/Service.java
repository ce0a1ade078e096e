package lox.examples.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lox.test.Patience;

/** The service, as its clients see it. */
final class Service {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String address;

    Service(int port) {
        address = "http://localhost:" + port;
    }

    HttpResponse<String> get(String path) {
        try {
            return CLIENT.send(request(path).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException unanswered) {
            throw new AssertionError(path + " was not answered", unanswered);
        }
    }

    CompletableFuture<HttpResponse<String>> get(String path, String number) {
        return CLIENT.sendAsync(request(path).header(RequestNumber.KEY, number).build(), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> post(String path) {
        return CLIENT.sendAsync(
                request(path).POST(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(Patience.LIMIT);
    }

    static List<HttpResponse<String>> all(List<CompletableFuture<HttpResponse<String>>> responses)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture.allOf(responses.toArray(CompletableFuture<?>[]::new)).get(Patience.SECONDS, TimeUnit.SECONDS);
        return responses.stream().map(CompletableFuture::join).toList();
    }

    /**
     * A figure of the Prometheus endpoint.
     *
     * @param meter its name
     * @param labels some of its labels, as they stand there; what has them all is added up
     */
    double measured(String meter, String... labels) {
        double sum = 0;
        for (String line : get("/actuator/prometheus").body().lines().toList()) {
            Matcher sample = Pattern.compile(meter + "\\{(.*)} (\\S+)").matcher(line);
            if (sample.matches() && List.of(sample.group(1).split(",")).containsAll(List.of(labels))) {
                sum += Double.parseDouble(sample.group(2));
            }
        }
        return sum;
    }
}
