package lox.examples;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import reactor.core.publisher.Mono;

/** A page never answers. Reactor's timeout cancels the gather, which stops the fetches; the next batch is as good as new. */
public final class TimeoutInReactor {
    private TimeoutInReactor() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(3)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(2, fetcher::size);
            for (int i = 0; i < 10; i++) {
                size.scatter(server.silence());
            }
            String answer = size.gather()
                    .map(sizes -> "all here")
                    .timeout(Duration.ofMillis(300))
                    .onErrorResume(TimeoutException.class, e -> Mono.just("timed out"))
                    .block();
            System.out.println(answer + ", " + size.pending() + " pending");

            server.pages().forEach(size::scatter);
            System.out.println(
                    size.gather().map(sizes -> sizes.size() + " pages").block());
        }
    }
}
