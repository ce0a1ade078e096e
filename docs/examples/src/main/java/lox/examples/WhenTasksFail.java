package lox.examples;

import java.net.URI;
import lox.sync.GatherException;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;

/** Two of four pages are missing. {@code gatherSettled} tells of each; {@code gatherDelayError} brings all failures at once. */
public final class WhenTasksFail {
    private WhenTasksFail() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(2)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(4, fetcher::size);

            scatterAll(size, server);
            for (Outcome<Integer> outcome : size.gatherSettled()) {
                if (outcome instanceof Outcome.Success<Integer> success) {
                    System.out.println(success.index() + ": " + success.value() + " bytes");
                } else if (outcome instanceof Outcome.Failure<Integer> failure) {
                    System.out.println(failure.index() + ": " + failure.error().getMessage());
                }
            }

            scatterAll(size, server);
            try {
                size.gatherDelayError();
            } catch (GatherException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void scatterAll(Scatter<URI, Integer> size, PageServer server) {
        size.scatter(server.pages().get(0));
        size.scatter(server.missing());
        size.scatter(server.pages().get(1));
        size.scatter(server.missing());
    }
}
