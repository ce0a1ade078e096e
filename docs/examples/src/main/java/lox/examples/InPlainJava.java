package lox.examples;

import java.net.URI;
import java.util.List;
import lox.sync.Lox;
import lox.sync.Scatter;

/** The imperative one: fetches pages side by side and prints their sizes in order. */
public final class InPlainJava {
    private InPlainJava() {}

    public static void main(String[] args) throws Exception {
        try (PageServer server = PageServer.start(6)) {
            Fetcher fetcher = new Fetcher();
            Scatter<URI, Integer> size = Lox.thread(4, fetcher::size);
            for (URI page : server.pages()) {
                size.scatter(page); // starts at once, at most four at a time
            }
            List<Integer> sizes = size.gather(); // waits; in the order of the scatters
            for (int i = 0; i < sizes.size(); i++) {
                System.out.println(server.pages().get(i).getPath() + ": " + sizes.get(i) + " bytes");
            }
        }
    }
}
