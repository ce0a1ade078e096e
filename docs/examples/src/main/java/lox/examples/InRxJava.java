package lox.examples;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.net.URI;
import lox.rxjava.Lox;
import lox.rxjava.Scatter;

/** In an RxJava pipeline: the addresses come from a Flowable, the sizes go on as a Single of a list. */
public final class InRxJava {
    private InRxJava() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(6)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(4, fetcher::size);
            Single<String> summary = Flowable.fromIterable(server.pages())
                    .doOnNext(size::scatter)
                    .ignoreElements()
                    .andThen(Single.defer(size::gather)) // deferred: the batch is closed when all are scattered
                    .map(sizes -> sizes.size() + " pages, "
                            + sizes.stream().mapToInt(Integer::intValue).sum() + " bytes");
            System.out.println(summary.blockingGet());
        }
    }
}
