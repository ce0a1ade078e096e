package lox.progress;

import java.text.DecimalFormat;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/** A row of a {@link Screen}: the library's bar, with our own count of time. */
final class BarRow extends DefaultProgressBarRenderer implements Place {
    private static final DecimalFormat UNUSED = new DecimalFormat(); // the library makes one for each bar without

    private final Counts counts;
    private final Screen screen;
    private final int columns;
    private final Runnable atEnd;

    /**
     * Takes a row, from its first text on.
     *
     * @param counts what it shows
     * @param screen where
     * @param columns how wide the terminal is
     * @param isAscii whether it has no other characters
     * @param atEnd called once, when the row is given up
     */
    BarRow(Counts counts, Screen screen, int columns, boolean isAscii, Runnable atEnd) {
        super(
                isAscii ? ProgressBarStyle.ASCII : ProgressBarStyle.UNICODE_BLOCK,
                "",
                1,
                true,
                UNUSED,
                ChronoUnit.SECONDS,
                true,
                state -> counts.figures().remaining());
        this.counts = counts;
        this.screen = screen;
        this.columns = columns;
        this.atEnd = atEnd;
    }

    /** The library counts whole seconds, so its rate is up to twice too high at first. */
    @Override
    protected String speed(ProgressState state) {
        return counts.figures().rate();
    }

    @Override
    public String text(ProgressState state) {
        return render(state, columns - 1); // in the last column, a terminal may go on to the next row
    }

    @Override
    public void show(String text) {
        screen.draw(this, text);
    }

    @Override
    public void end(ProgressState state) {
        screen.finish(this, text(state));
        atEnd.run();
    }

    @Override
    public void leave() {
        screen.remove(this);
        atEnd.run();
    }
}
