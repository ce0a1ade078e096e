package lox.examples;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Two functions share four workers, and {@code scatter} waits while ten arguments of its function have not started. */
public final class SharedWorkers {
    private SharedWorkers() {}

    public static void main(String[] args) throws Exception {
        Workers network = Workers.threads(4).named("network").queueLimit(10).build();
        try (PageServer server = PageServer.start(30)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.on(network, fetcher::size);
            Scatter<URI, String> title = Lox.on(
                    network,
                    page -> new String(fetcher.fetch(page), StandardCharsets.UTF_8)
                            .lines()
                            .findFirst()
                            .orElse(""));
            int mostPending = 0;
            for (URI page : server.pages()) {
                size.scatter(page);
                mostPending = Math.max(mostPending, size.pending());
            }
            title.scatter(server.pages().get(0));
            List<Integer> sizes = size.gather();
            System.out.println(sizes.size() + " sizes, never more than 10 pending: " + (mostPending <= 10));
            System.out.println("first line: " + title.gather().get(0));
        }
    }
}
