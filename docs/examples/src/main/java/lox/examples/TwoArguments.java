package lox.examples;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import lox.sync.BiScatter;
import lox.sync.Lox;

/** A function of two arguments: counts how often a word stands on a page. */
public final class TwoArguments {
    private TwoArguments() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(3)) {
            Fetcher fetcher = new Fetcher();
            BiScatter<URI, String, Integer> count = Lox.biThread(
                    4,
                    (page, word) -> new String(fetcher.fetch(page), StandardCharsets.UTF_8).split(word, -1).length - 1);
            for (URI page : server.pages()) {
                count.scatter(page, "the");
                count.scatter(page, "lox");
            }
            System.out.println(count.gather());
        }
    }
}
