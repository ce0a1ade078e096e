package lox.examples;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lox.progress.Display;
import lox.progress.ProgressBar;

/**
 * Waiting, and computing. First fetches sixty pages from a slow server, one after the other and then side by side, in each dialect,
 * and compares. The server is the JDK's own, on the loopback address; the pages are this project's documentation and sources. Then
 * renders a picture in child JVMs, see {@link ProcessTour}, and on three members of a cluster, see {@link ClusterTour}.
 */
public final class Tour {
    private static final int PAGES = 60;
    private static final int THREADS = 8;

    private final Display display;
    private final PrintStream out;
    private final Table table = new Table("pages");

    Tour(Display display, PrintStream out) {
        this.display = display;
        this.out = out;
    }

    /**
     * Starts the tour. Exits with 1 if a mode brings other pages than fetching them one after the other does.
     *
     * @param args none are read
     * @throws Exception if a page cannot be fetched
     */
    public static void main(String[] args) throws Exception {
        boolean allSame;
        try (PageServer server = PageServer.start(Document.first(PAGES), 20, 120)) {
            new Fetcher().fetch(server.pages().get(0)); // loads the client's classes, which is not what is measured
            allSame = new Tour(Display.AUTOMATIC, System.out).run(server.pages(), modes());
        }
        allSame &= new ProcessTour(Display.AUTOMATIC, System.out).run(new Mandelbrot(2_000, 48, 4_000));
        allSame &= new ClusterTour(System.out).run(new Mandelbrot(1_000, 48, 4_000));
        if (!allSame) {
            System.err.println("Some mode brought other results than doing one after the other did.");
            System.exit(1);
        }
    }

    /** Every mode that this JVM has, each with connections of its own. */
    static List<Mode> modes() {
        List<Mode> modes = new ArrayList<>();
        String thread = ", thread(" + THREADS + ")";
        modes.add(Mode.oneAfterTheOther(new Fetcher()));
        modes.add(Mode.sync("plain Java" + thread, lox.sync.Lox.thread(THREADS, new Fetcher()::fetch)));
        modes.add(Mode.reactor("Reactor" + thread, lox.reactor.Lox.thread(THREADS, new Fetcher()::fetch)));
        modes.add(Mode.rxjava("RxJava" + thread, lox.rxjava.Lox.thread(THREADS, new Fetcher()::fetch)));
        if (hasVirtualThreads()) {
            String virtual = ", virtual(" + PAGES + ")";
            modes.add(Mode.sync("plain Java" + virtual, lox.sync.Lox.virtual(PAGES, new Fetcher()::fetch)));
            modes.add(Mode.reactor("Reactor" + virtual, lox.reactor.Lox.virtual(PAGES, new Fetcher()::fetch)));
            modes.add(Mode.rxjava("RxJava" + virtual, lox.rxjava.Lox.virtual(PAGES, new Fetcher()::fetch)));
        }
        return modes;
    }

    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    /** Runs all modes and prints the table. True if all of them brought the same pages. */
    boolean run(List<URI> pages, List<Mode> modes) throws Exception {
        out.println(pages.size() + " pages from a slow server on this machine, Java "
                + Runtime.version().feature() + ", "
                + Runtime.getRuntime().availableProcessors() + " processors");
        for (Mode mode : modes) {
            measure(mode, pages);
        }
        if (!hasVirtualThreads()) {
            String reason = "this JVM (Java " + Runtime.version().feature() + ") has no virtual threads";
            for (String dialect : List.of("plain Java", "Reactor", "RxJava")) {
                table.addMissing(dialect + ", virtual(" + PAGES + ")", reason);
            }
        }
        out.println();
        table.print(out);
        return table.isAllSame();
    }

    private void measure(Mode mode, List<URI> pages) throws Exception {
        List<byte[]> fetched;
        Duration time;
        try (ProgressBar progress =
                ProgressBar.builder(mode.name()).display(display).output(out).build()) {
            long begun = System.nanoTime();
            fetched = mode.way().fetch(pages, progress);
            time = Duration.ofNanos(System.nanoTime() - begun);
        }
        table.add(mode.name(), time, fetched);
    }
}
