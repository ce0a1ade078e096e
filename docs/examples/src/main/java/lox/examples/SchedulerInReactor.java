package lox.examples;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import lox.reactor.Lox;
import lox.reactor.Scatter;
import lox.sync.QueueFullException;
import lox.sync.Workers;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Two at once on a scheduler that the program has anyway, and four more that wait. A thread that must not block is refused
 * where another one would wait for room.
 */
public final class SchedulerInReactor {
    private SchedulerInReactor() {}

    public static void main(String[] args) throws Exception {
        Workers elastic = Lox.workers(Schedulers.boundedElastic(), 2)
                .named("pages")
                .queueLimit(4)
                .build();
        try (PageServer server = PageServer.start(6)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.on(elastic, fetcher::size);
            size.gather(server.pages())
                    .map(List::size)
                    .doOnNext(count -> System.out.println(count + " " + elastic.name()))
                    .block();

            Flux.fromIterable(Collections.nCopies(7, server.silence())) // never answers
                    .publishOn(Schedulers.parallel())
                    .doOnNext(size::scatter)
                    .then()
                    .doOnError(QueueFullException.class, full -> System.out.println(full.getMessage()))
                    .onErrorComplete(QueueFullException.class)
                    .block();
            size.discard();
        }
    }
}
