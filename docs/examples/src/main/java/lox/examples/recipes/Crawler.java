package lox.examples.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import lox.sync.Lox;
import lox.sync.Scatter;

/** Shown in docs/recipes/crawler.md. */
public class Crawler {
    private static final HttpClient client = HttpClient.newHttpClient();
    private static final Pattern link = Pattern.compile("href='([^']+)'");

    static List<URI> links(URI page) throws IOException, InterruptedException {
        HttpRequest get = HttpRequest.newBuilder(page).build();
        String html = client.send(get, HttpResponse.BodyHandlers.ofString()).body();
        return link.matcher(html)
                .results()
                .map(found -> page.resolve(found.group(1)))
                .toList();
    }

    static Set<URI> crawl(URI start) {
        Scatter<URI, List<URI>> links = Lox.thread(8, Crawler::links);
        Set<URI> seen = new HashSet<>(Set.of(start));
        links.expand(List.of(start), found -> found.stream().filter(seen::add).toList()); // until nothing is left
        return seen;
    }

    public static void main(String[] args) throws IOException {
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // Page n links to 2n and 2n + 1, up to 20, and to page 1.
        site.createContext("/", exchange -> {
            int page = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            String html = "<a href='/1'>home</a>";
            for (int n = 2 * page; n <= Math.min(2 * page + 1, 20); n++) {
                html += "<a href='/" + n + "'>more</a>";
            }
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(html.getBytes(UTF_8));
            exchange.close();
        });
        site.start();
        try {
            URI home = URI.create("http://localhost:" + site.getAddress().getPort() + "/1");
            System.out.println(crawl(home).size() + " pages");
        } finally {
            site.stop(0);
        }
    }
}
