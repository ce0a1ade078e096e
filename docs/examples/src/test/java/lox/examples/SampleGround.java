package lox.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the samples of the documentation take for granted: some addresses, and a function that fetches a page. */
public abstract class SampleGround implements AutoCloseable {
    private final PageServer server;
    /** Six pages. */
    protected final List<URI> uris;
    /** An address without a page. */
    protected final URI missing;
    /** A page that never answers. */
    protected final URI silent;

    protected SampleGround() {
        try {
            server = PageServer.start(6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        uris = server.pages();
        missing = server.missing();
        silent = server.silence();
    }

    /** The sample's statements. */
    public abstract void run() throws Exception;

    @Override
    public void close() {
        server.close();
    }

    /** What a reader of the samples would have written. */
    public static final class Pages {
        private static final Fetcher FETCHER = new Fetcher();

        private Pages() {}

        /** The text of a page. */
        public static String fetch(URI page) throws IOException, InterruptedException {
            return new String(FETCHER.fetch(page), StandardCharsets.UTF_8);
        }

        /** The text of a page, later: does not block. */
        public static CompletableFuture<String> fetchAsync(URI page) {
            return FETCHER.fetchAsync(page).thenApply(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
