package lox.examples;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * A chain of a function that does not block and one that does: pages come without a thread that waits for them, and are
 * parsed on two threads. The subscriber's Context reaches the Mono of each call.
 */
public final class AsyncInReactor {
    private AsyncInReactor() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(6)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, String> fetch = Lox.async(
                    4,
                    page -> Mono.deferContextual(context -> Mono.fromFuture(() -> fetcher.fetchAsync(page))
                            .doOnSubscribe(begun -> System.out.println("fetched for " + context.get("user")))
                            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))));
            Scatter<String, PageSummary> parse = Lox.thread(2, PageSummary::of);

            Flux.fromIterable(server.pages())
                    .transform(fetch.andThen(parse)::map) // in order
                    .map(PageSummary::line)
                    .collectList()
                    .contextWrite(Context.of("user", "ada"))
                    .doOnNext(lines -> lines.forEach(System.out::println))
                    .block();
        }
    }
}
