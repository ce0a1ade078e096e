package lox.examples;

import java.net.URI;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** In a Reactor pipeline: the addresses come from a Flux, the sizes go on as a Mono of a list. */
public final class InReactor {
    private InReactor() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(6)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(4, fetcher::size);
            Mono<String> summary = Flux.fromIterable(server.pages())
                    .doOnNext(size::scatter)
                    .then(Mono.defer(size::gather)) // deferred: the batch is closed when all are scattered
                    .map(sizes -> sizes.size() + " pages, "
                            + sizes.stream().mapToInt(Integer::intValue).sum() + " bytes");
            System.out.println(summary.block());
        }
    }
}
