package lox.examples;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.net.URI;
import java.util.List;
import java.util.Map;
import lox.rxjava.Lox;
import lox.rxjava.Scatter;
import lox.sync.Outcome;

/** Functions that do not block: a Single for each page, whose failures are items, and a Maybe that may have no value. */
public final class AsyncInRxJava {
    private AsyncInRxJava() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(2)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, byte[]> fetch =
                    Lox.async(4, page -> Single.defer(() -> Single.fromCompletionStage(fetcher.fetchAsync(page))));
            Flowable.just(
                            server.pages().get(0),
                            server.missing(),
                            server.pages().get(1))
                    .compose(fetch::mapSettled) // in order
                    .map(outcome -> outcome.index()
                            + (outcome instanceof Outcome.Success<byte[]> success
                                    ? ": " + success.value().length + " bytes"
                                    : ": failed"))
                    .blockingForEach(System.out::println);

            Map<String, Integer> users = Map.of("ada", 1815, "grace", 1906);
            Scatter<String, Integer> born = Lox.asyncMaybe(4, name -> Maybe.fromCallable(() -> users.get(name)));
            System.out.println(born.gather(List.of("grace", "nobody", "ada")).blockingGet());
        }
    }
}
