package lox.examples;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import reactor.core.publisher.Mono;

/**
 * A gather that can be repeated. {@code gather(list)} scatters to a batch of its own; made anew for each subscription, it
 * is right under {@code retry} and with several subscribers at once.
 */
public final class RetryInReactor {
    private RetryInReactor() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(5)) {
            Fetcher fetcher = new Fetcher();
            AtomicInteger calls = new AtomicInteger();
            Scatter<URI, Integer> size = Lox.thread(1, page -> {
                if (calls.incrementAndGet() == 2) {
                    throw new IllegalStateException("the network is down for a moment");
                }
                return fetcher.size(page);
            });

            Mono<List<Integer>> sizes =
                    Mono.defer(() -> size.gather(server.pages())).retry(1);

            sizes.doOnNext(all -> System.out.println(all.size() + " pages, after " + calls + " calls"))
                    .block();
            Mono.zip(sizes, sizes)
                    .map(both -> both.getT1().size() + " and " + both.getT2().size() + " pages")
                    .doOnNext(System.out::println)
                    .block();
        }
    }
}
