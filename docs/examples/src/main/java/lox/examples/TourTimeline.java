package lox.examples;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.timeline.Timeline;

/**
 * Takes a picture of what the {@link Tour} shows: pages that are fetched in threads, and at the same time strips of a
 * picture that are rendered in child JVMs, one of which crashes on purpose.
 */
public final class TourTimeline {
    private static final int PAGES = 60;
    private static final int STRIPS = 48;

    private TourTimeline() {}

    /**
     * Runs both and writes {@code docs/examples/target/tour-timeline.html}, and {@code .json} for Perfetto.
     *
     * @param args where to write instead, without the ending
     * @throws Exception if the server cannot be started or the pictures cannot be written
     */
    public static void main(String[] args) throws Exception {
        Path target = Path.of(args.length > 0 ? args[0] : "docs/examples/target/tour-timeline")
                .toAbsolutePath();
        Timeline timeline = Timeline.create();
        try (PageServer server = PageServer.start(Document.first(PAGES), 20, 120);
                Workers threads =
                        Workers.threads(6).named("pages").listeners(timeline).build();
                Workers children =
                        Workers.processes(3).named("strips").listeners(timeline).build()) {
            new Fetcher().fetch(server.pages().get(0)); // loads the client's classes, as the tour does
            run(server.pages(), threads, children);
        }
        Files.createDirectories(target.getParent());
        Path page = target.resolveSibling(target.getFileName() + ".html");
        timeline.writeHtml(page);
        timeline.writeTrace(target.resolveSibling(target.getFileName() + ".json"));
        System.out.println(timeline + " is in " + page);
    }

    /** Renders strips, all but one: that one halts its JVM. */
    private record Strips(Mandelbrot picture, int culprit) implements Serializable {
        byte[] render(int strip) {
            if (strip == culprit) {
                Runtime.getRuntime().halt(3);
            }
            return picture.strip(strip);
        }
    }

    private static void run(List<URI> pages, Workers threads, Workers children) {
        Scatter<URI, byte[]> fetch = Lox.on(threads, new Fetcher()::fetch);
        pages.forEach(fetch::scatter);
        Strips picture = new Strips(new Mandelbrot(1_200, STRIPS, 2_000), STRIPS / 2);
        Scatter<Integer, byte[]> render = Lox.on(children, picture::render);
        IntStream.range(0, STRIPS).forEach(render::scatter);
        System.out.println(fetch.gather().size() + " pages");
        List<Outcome<byte[]>> strips = render.gatherSettled();
        long rendered =
                strips.stream().filter(Outcome.Success.class::isInstance).count();
        System.out.println(rendered + " of " + strips.size() + " strips");
    }
}
