package lox.progress;

import java.text.DecimalFormat;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** The library's layout of a bar, with our own count of time. For one thread at a time. */
final class BarLayout extends DefaultProgressBarRenderer {
    private static final DecimalFormat UNUSED = new DecimalFormat(); // the library makes one for each bar without

    private final String label;
    private final Counts counts;
    private final int width;
    private final boolean isAscii;
    private @Nullable LibraryBar drawn;

    /**
     * Lays out a bar.
     *
     * @param label at its beginning
     * @param counts what it shows
     * @param columns how wide the terminal is
     * @param isAscii whether it has no other characters
     */
    BarLayout(String label, Counts counts, int columns, boolean isAscii) {
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
        this.width = columns - 1; // after the last column, a terminal may go on to the next row
        this.isAscii = isAscii;
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

    /** Lays out the row as it is now. May wait for the library's thread, the first time. */
    String text() {
        Figures figures = counts.figures();
        LibraryBar bar = drawn;
        if (bar == null) {
            bar = new LibraryBar(label, figures.elapsed());
            drawn = bar;
        }
        return bar.layOut(this, figures, width);
    }

    /**
     * Lays out the row of a run that is complete within a second, as the library would, but without it: it formats
     * times in a way that takes longer than anything else at the end of such a run.
     *
     * @return the row; null if the run is another one, or if it is not as simple
     */
    @Nullable
    String textOfShortRun() {
        Figures figures = counts.figures();
        boolean isShort = figures.nanos() < TimeUnit.SECONDS.toNanos(1);
        if (!isShort || figures.done() == 0 || figures.done() != figures.total() || !isAscii(label)) {
            return null;
        }
        StringBuilder end = new StringBuilder();
        end.append(isAscii ? "] " : "| ").append(figures.done()).append('/').append(figures.total());
        end.append(" (0:00:00 / 0:00:00) ").append(figures.rate()).append(figures.failures());
        StringBuilder row = new StringBuilder(width);
        row.append(label).append(" 100% ").append(isAscii ? '[' : '|');
        int blocks = width - row.length() - end.length();
        return blocks > 0
                ? row.append((isAscii ? "=" : "█").repeat(blocks)).append(end).toString()
                : null;
    }

    /** Whether each character takes one column. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
