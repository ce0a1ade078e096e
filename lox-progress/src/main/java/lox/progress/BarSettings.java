package lox.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the builder was told.
 *
 * @param label at the beginning of the row
 * @param total how much there is, or {@link Figures#UNKNOWN}
 * @param display how the bar is shown
 * @param output where, or null for {@code System.err}
 * @param interval the least time between two lines
 * @param keepsSystemStreams whether those of the system are not replaced
 * @param clock in nanoseconds
 */
record BarSettings(
        String label,
        long total,
        Display display,
        @Nullable PrintStream output,
        Duration interval,
        boolean keepsSystemStreams,
        LongSupplier clock) {

    /** Runs what is drawn, as long as the output is the same. */
    OutputQueue queue() {
        return OutputQueue.of(SystemStreams.unwrapped(output != null ? output : System.err));
    }

    /**
     * Finds the place where a bar is shown. May start a short process.
     *
     * @param counts what it shows
     * @param ready its layout as a row; null if it has not been found yet
     */
    Place place(Counts counts, @Nullable BarLayout ready) {
        PrintStream out = output != null ? output : System.err;
        boolean isOfSystem = SystemStreams.isOne(out);
        boolean isForced = display == Display.BAR;
        if (!isForced && !(display == Display.AUTOMATIC && isOfSystem && SystemStreams.isTerminal(out))) {
            return new PlainLines(label, counts, out, interval, clock);
        }
        BarLayout layout =
                ready != null ? ready : new BarLayout(label, counts, Terminal.columns(), Terminal.isAscii(out));
        if (!isOfSystem || keepsSystemStreams) {
            return new BarRow(layout, Screen.of(out), () -> {});
        }
        return new BarRow(layout, SystemStreams.enter(out, isForced), SystemStreams::leave);
    }

    /** What a row is to show; null if there is to be none, or if to find that out somebody has to be waited for. */
    @Nullable
    BarLayout layoutAtOnce(Counts counts) {
        PrintStream out = output != null ? output : System.err;
        boolean isRow = display == Display.BAR
                || (display == Display.AUTOMATIC && SystemStreams.isOne(out) && SystemStreams.isKnownTerminal(out));
        OptionalInt columns = Terminal.knownColumns();
        return isRow && columns.isPresent()
                ? new BarLayout(label, counts, columns.getAsInt(), Terminal.isAscii(out))
                : null;
    }
}
