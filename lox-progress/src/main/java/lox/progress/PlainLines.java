package lox.progress;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Lines for a log file: at most one in an interval while something has changed, and one at the end. */
final class PlainLines implements Place {
    private final String label;
    private final Counts counts;
    private final PrintStream out;
    private final LongSupplier clock;
    private final long interval;
    private long last;
    private long shown = -1;

    PlainLines(String label, Counts counts, PrintStream out, Duration interval, LongSupplier clock) {
        this.label = label;
        this.counts = counts;
        this.out = out;
        this.interval = interval.toNanos();
        this.clock = clock;
        this.last = clock.getAsLong();
    }

    /** The next line, or nothing if it is not yet due. */
    @Override
    public String text() {
        long now = clock.getAsLong();
        Figures figures = counts.figures();
        if (now - last < interval || figures.done() == shown) {
            return "";
        }
        last = now;
        shown = figures.done();
        return label + ": " + amount(figures)
                + (figures.isTotalKnown() ? ", " + percent(figures) : "")
                + rate(figures)
                + figures.remaining()
                        .map(time -> ", " + Figures.clock(time) + " left")
                        .orElse("")
                + figures.failures();
    }

    /** The line at the end. */
    String last() {
        Figures figures = counts.figures();
        boolean early = figures.isTotalKnown() && figures.done() < figures.total();
        return label + ": " + amount(figures) + " in " + Figures.clock(figures.elapsed()) + rate(figures)
                + figures.failures() + (early ? ", ended early" : "");
    }

    private static String amount(Figures figures) {
        return figures.isTotalKnown() ? figures.done() + " of " + figures.total() : Long.toString(figures.done());
    }

    private static String rate(Figures figures) {
        return figures.done() == 0 ? "" : ", " + figures.rate();
    }

    private static String percent(Figures figures) {
        return (figures.total() == 0 ? 100 : (int) Math.floor(100.0 * figures.done() / figures.total())) + " %";
    }

    @Override
    public void show(String line) {
        out.println(line);
        if (out.checkError()) { // which flushes it, too
            throw new UncheckedIOException(new IOException("the output is closed or full"));
        }
    }

    @Override
    public void end(@Nullable String row) {
        show(last());
    }

    @Override
    public void leave() {}
}
