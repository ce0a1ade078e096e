package lox.examples;

import java.net.URI;
import java.util.List;
import lox.sync.Batch;
import lox.sync.Lox;
import lox.sync.Scatter;

/**
 * Six requests of a service at once share one function and its four workers. Each has a batch of its own, so each gets
 * its own pages, and one that fails half-way leaves nothing behind for the others.
 */
public final class RequestsInPlainJava {
    private RequestsInPlainJava() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(8)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(4, fetcher::size);
            Scatter<Integer, String> requests =
                    Lox.thread(6, number -> answer(size, server.pages().subList(number, number + 3), number == 4));

            requests.gather(List.of(0, 1, 2, 3, 4, 5)).forEach(System.out::println);
        }
    }

    private static String answer(Scatter<URI, Integer> size, List<URI> pages, boolean broken) {
        try (Batch<URI, Integer> batch = size.batch()) {
            for (URI page : pages) {
                batch.scatter(page);
                if (broken) {
                    throw new IllegalArgumentException("a bad request");
                }
            }
            List<Integer> sizes = batch.gather();
            return sizes.size() + " pages, "
                    + sizes.stream().mapToInt(bytes -> bytes).sum() + " bytes";
        } catch (IllegalArgumentException e) { // the batch is discarded by then
            return "refused: " + e.getMessage();
        }
    }
}
