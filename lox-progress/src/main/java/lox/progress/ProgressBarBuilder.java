package lox.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link ProgressBar}, each to be set once. For one thread.
 *
 * <pre>{@code
 * ProgressBar bar = ProgressBar.builder("pages").total(10_000).output(System.out).build();
 * }</pre>
 */
public final class ProgressBarBuilder {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

    private final String label;
    private @Nullable Long total;
    private @Nullable Display display;
    private @Nullable PrintStream output;
    private @Nullable Duration interval;
    private boolean keepsSystemStreams;
    private LongSupplier clock = System::nanoTime;

    ProgressBarBuilder(String label) {
        Objects.requireNonNull(label, "label");
        if (label.isBlank()) {
            throw new IllegalArgumentException("label is blank");
        }
        for (int i = 0; i < label.length(); i++) {
            if (Character.isISOControl(label.charAt(i))) {
                throw new IllegalArgumentException("label has a control character");
            }
        }
        this.label = label;
    }

    /**
     * Says beforehand how much there is, for a stream or several gathers. One gather knows it by itself. If more is
     * done than that, the total rises with it.
     *
     * @param total how much, from zero on; by default it is unknown until a gather tells
     * @return this
     * @throws IllegalArgumentException if {@code total} is negative
     * @throws IllegalStateException if it has been set
     */
    public ProgressBarBuilder total(long total) {
        if (total < 0) {
            throw new IllegalArgumentException("total is negative: " + total);
        }
        checkUnset(this.total == null, "total");
        this.total = total;
        return this;
    }

    /**
     * Chooses how the bar is shown, whatever the environment says.
     *
     * @param display {@link Display#QUIET} for nothing; by default what {@code -Dlox.progress} or {@code LOX_PROGRESS}
     *     says, or {@link Display#AUTOMATIC}
     * @return this
     * @throws NullPointerException if {@code display} is null
     * @throws IllegalStateException if it has been set
     */
    public ProgressBarBuilder display(Display display) {
        Objects.requireNonNull(display, "display");
        checkUnset(this.display == null, "display");
        this.display = display;
        return this;
    }

    /**
     * Chooses where the bar is shown. It is flushed, never closed. What it throws ends the drawing and nothing else.
     *
     * @param output by default {@code System.err} as it is when the bar appears, so that results can be piped. An
     *     output that is neither that nor {@code System.out} is no terminal, unless {@link #display} says so
     * @return this
     * @throws NullPointerException if {@code output} is null
     * @throws IllegalStateException if it has been set
     */
    public ProgressBarBuilder output(PrintStream output) {
        Objects.requireNonNull(output, "output");
        checkUnset(this.output == null, "output");
        this.output = output;
        return this;
    }

    /**
     * Sets the least time between two lines, where there is no terminal. The last line comes at the end in any case.
     *
     * @param interval above zero; by default 5 seconds
     * @return this
     * @throws NullPointerException if {@code interval} is null
     * @throws IllegalArgumentException if {@code interval} is zero or negative
     * @throws IllegalStateException if it has been set
     */
    public ProgressBarBuilder interval(Duration interval) {
        Objects.requireNonNull(interval, "interval");
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval is not above zero: " + interval);
        }
        checkUnset(this.interval == null, "interval");
        this.interval = interval;
        return this;
    }

    /**
     * Leaves {@code System.out} and {@code System.err} as they are. By default they are replaced while there is a
     * bar on their terminal, so that lines that are printed, by child JVMs too, go above the bar; the streams from
     * before are put back with the last bar. A line that has no end waits for it, or for the end of the bars.
     *
     * @return this
     * @throws IllegalStateException if it has been set
     */
    public ProgressBarBuilder keepSystemStreams() {
        checkUnset(!keepsSystemStreams, "keepSystemStreams");
        keepsSystemStreams = true;
        return this;
    }

    /** For tests: another clock, in nanoseconds. */
    ProgressBarBuilder clock(LongSupplier clock) {
        this.clock = clock;
        return this;
    }

    private static void checkUnset(boolean isUnset, String option) {
        if (!isUnset) {
            throw new IllegalStateException(option + " has been set already");
        }
    }

    /**
     * Makes the bar. It is not shown before its first update.
     *
     * @return the bar
     */
    public ProgressBar build() {
        return new ProgressBar(new BarSettings(
                label,
                total == null ? Figures.UNKNOWN : total,
                display != null
                        ? display
                        : Display.chosen(System.getProperty("lox.progress"), System.getenv("LOX_PROGRESS")),
                output,
                interval == null ? DEFAULT_INTERVAL : interval,
                keepsSystemStreams,
                clock));
    }
}
