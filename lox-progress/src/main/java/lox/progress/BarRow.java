package lox.progress;

import java.text.DecimalFormat;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** A row of a {@link Screen}: the library's bar, with our own count of time. */
final class BarRow extends DefaultProgressBarRenderer implements Place {
    private static final DecimalFormat UNUSED = new DecimalFormat(); // the library makes one for each bar without

    private static final long SHARED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String label;
    private final Counts counts;
    private final Screen screen;
    private final int columns;
    private final Runnable atEnd;
    private @Nullable LibraryBar own; // from the first second on

    /**
     * Takes a row, from its first text on.
     *
     * @param label at its beginning
     * @param counts what it shows
     * @param screen where
     * @param columns how wide the terminal is
     * @param isAscii whether it has no other characters
     * @param atEnd called once, when the row is given up
     */
    BarRow(String label, Counts counts, Screen screen, int columns, boolean isAscii, Runnable atEnd) {
        super(
                isAscii ? ProgressBarStyle.ASCII : ProgressBarStyle.UNICODE_BLOCK,
                "",
                1,
                true,
                UNUSED,
                ChronoUnit.SECONDS,
                true,
                state -> Optional.empty());
        this.label = label;
        this.counts = counts;
        this.screen = screen;
        this.columns = columns;
        this.atEnd = atEnd;
    }

    /** The library's bar has no name, since it serves many rows. */
    @Override
    protected String percentage(ProgressState state) {
        return label + " " + super.percentage(state);
    }

    /** The library counts whole seconds, so its rate is up to twice too high at first. */
    @Override
    protected String speed(ProgressState state) {
        return counts.figures().rate();
    }

    @Override
    protected String etaString(ProgressState state) {
        return counts.figures().remaining().map(Figures::clock).orElse("?");
    }

    /** Leaves out the last column, after which a terminal may go on to the next row, and the space after no name. */
    @Override
    public String text() {
        return layOut(counts.figures(), columns).substring(1);
    }

    private String layOut(Figures figures, int width) {
        LibraryBar bar = own;
        if (bar == null) {
            if (figures.nanos() < SHARED_NANOS) {
                return LibraryBar.layOutEarly(this, figures, width);
            }
            bar = new LibraryBar(figures.elapsed());
            own = bar;
        }
        return bar.layOut(this, figures, width);
    }

    @Override
    public void show(String text) {
        screen.draw(this, text);
    }

    @Override
    public void end() {
        screen.finish(this, text());
        atEnd.run();
    }

    @Override
    public void leave() {
        screen.remove(this);
        atEnd.run();
    }
}
