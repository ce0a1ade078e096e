package lox.progress;

import java.io.PrintStream;
import java.time.Duration;
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

    /** Finds the place where a bar is shown. May start a short process. */
    Place place(Counts counts) {
        PrintStream out = output != null ? output : System.err;
        boolean isOfSystem = SystemStreams.isOne(out);
        boolean isForced = display == Display.BAR;
        if (!isForced && !(display == Display.AUTOMATIC && isOfSystem && SystemStreams.isTerminal(out))) {
            return new PlainLines(label, counts, out, interval, clock);
        }
        boolean isAscii = Terminal.isAscii(out);
        int columns = Terminal.columns();
        if (!isOfSystem || keepsSystemStreams) {
            return new BarRow(label, counts, Screen.of(out), columns, isAscii, () -> {});
        }
        return new BarRow(label, counts, SystemStreams.enter(out, isForced), columns, isAscii, SystemStreams::leave);
    }
}
