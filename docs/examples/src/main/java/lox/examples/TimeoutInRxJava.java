package lox.examples;

import io.reactivex.rxjava3.core.Single;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lox.rxjava.Lox;
import lox.rxjava.Scatter;

/** A page never answers. RxJava's timeout disposes of the gather, which stops the fetches; the next batch is as good as new. */
public final class TimeoutInRxJava {
    private TimeoutInRxJava() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(3)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(2, fetcher::size);
            for (int i = 0; i < 10; i++) {
                size.scatter(server.silence());
            }
            String answer = size.gather()
                    .map(sizes -> "all here")
                    .timeout(300, TimeUnit.MILLISECONDS)
                    .onErrorResumeNext(
                            e -> e instanceof TimeoutException ? Single.just("timed out") : Single.<String>error(e))
                    .blockingGet();
            System.out.println(answer + ", " + size.pending() + " pending");

            server.pages().forEach(size::scatter);
            System.out.println(
                    size.gather().map(sizes -> sizes.size() + " pages").blockingGet());
        }
    }
}
