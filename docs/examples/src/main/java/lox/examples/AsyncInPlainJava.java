package lox.examples;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;

/** A function that does not block: no thread waits for a page, and at most four are asked for at once. */
public final class AsyncInPlainJava {
    private AsyncInPlainJava() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(6)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, byte[]> fetch = Lox.async(4, fetcher::fetchAsync);
            List<byte[]> pages = fetch.gather(server.pages());
            for (int i = 0; i < pages.size(); i++) {
                System.out.println(server.pages().get(i).getPath() + ": " + pages.get(i).length + " bytes");
            }

            CompletableFuture<byte[]> unanswered = new CompletableFuture<>();
            Workers patient =
                    Workers.async(4).taskTimeout(Duration.ofMillis(300)).build();
            Scatter<URI, byte[]> wait = Lox.async(patient, page -> unanswered);
            wait.scatter(server.silence());
            for (Outcome<byte[]> outcome : wait.gatherSettled()) {
                System.out.println(
                        outcome instanceof Outcome.Failure<byte[]> failure
                                ? failure.error().getClass().getSimpleName()
                                : "a page");
            }
            System.out.println("the call was cancelled: " + unanswered.isCancelled());
        }
    }
}
