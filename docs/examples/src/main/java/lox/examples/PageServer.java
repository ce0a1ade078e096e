package lox.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's HTTP server on the loopback address, with some documents as its pages. It answers each page after a delay of the
 * page's own, always the same, and any number of them at once: it stands for a network, where waiting costs no processor.
 */
final class PageServer implements AutoCloseable {
    private static final int SEED = 2026;

    static {
        // Else TCP's delayed acknowledgement adds 40 ms to a page on a connection that is used again, and to no other
        // page.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ScheduledExecutorService clock;
    private final List<URI> pages = new ArrayList<>();

    private PageServer(HttpServer server, ScheduledExecutorService clock) {
        this.server = server;
        this.clock = clock;
    }

    /** Starts a server on a free port. Delays lie between the two bounds, in milliseconds. */
    static PageServer start(List<Document> documents, int shortestDelay, int longestDelay) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ScheduledExecutorService clock = Executors.newScheduledThreadPool(2, task -> {
            Thread thread = new Thread(task, "page-server");
            thread.setDaemon(true);
            return thread;
        });
        PageServer pages = new PageServer(server, clock);
        server.setExecutor(clock);
        Random delays = new Random(SEED);
        for (Document document : documents) {
            pages.add(document, shortestDelay + delays.nextInt(longestDelay - shortestDelay + 1));
        }
        server.createContext("/silence", exchange -> {}); // accepted, and never answered
        server.start();
        return pages;
    }

    /** A server with a few pages that answer soon, for the small examples. */
    static PageServer start(int pages) throws IOException {
        return start(Document.first(pages), 5, 20);
    }

    private void add(Document document, int delay) {
        String path = String.format("/%02d/%s", pages.size(), document.name());
        server.createContext(path, exchange -> {
            @SuppressWarnings("unused") // answer ends the exchange, whatever happens
            Future<?> answer = clock.schedule(() -> answer(exchange, document.content()), delay, TimeUnit.MILLISECONDS);
        });
        pages.add(address(path));
    }

    private static void answer(HttpExchange exchange, byte[] content) {
        try (exchange;
                OutputStream body = exchange.getResponseBody()) {
            exchange.sendResponseHeaders(200, content.length);
            body.write(content);
        } catch (IOException clientLeft) {
            System.err.println("page server: " + clientLeft);
        }
    }

    /** The addresses of all pages, in the order of the documents. */
    List<URI> pages() {
        return List.copyOf(pages);
    }

    /** The address of a page that never answers. */
    URI silence() {
        return address("/silence");
    }

    /** The address of a page that does not exist. */
    URI missing() {
        return address("/missing");
    }

    private URI address(String path) {
        InetSocketAddress at = server.getAddress();
        return URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + path);
    }

    @Override
    public void close() {
        server.stop(0);
        clock.shutdownNow();
    }
}
