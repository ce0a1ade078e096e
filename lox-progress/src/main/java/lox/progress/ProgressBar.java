package lox.progress;

import lox.sync.Outcome;
import lox.sync.Progress;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar: how much is done and how much there is, the rate, the time that has passed and the time that remains,
 * and how many tasks have failed. On a terminal it is a bar in a row of its own, elsewhere a plain line every few
 * seconds: see {@link Display}.
 *
 * <p>As the {@link Progress} of one gather, in any of the three dialects, it appears at the call of {@code gather} and
 * ends with it, whether that succeeds, fails, is cancelled or takes too long. Nothing has to be closed:
 *
 * <pre>{@code
 * List<String> pages = fetch.gather(ProgressBar.of("pages"));
 * }</pre>
 *
 * <p>For several gathers, also at once, each gets a {@linkplain #part() part} of the bar. For a stream or a loop, whose
 * length may be unknown, {@link #step(Object)} counts element by element. Then the bar appears with the first
 * element or update, and {@link #close()} ends it:
 *
 * <pre>{@code
 * try (ProgressBar bar = ProgressBar.of("pages");
 *         Stream<String> pages = fetch.map(uris.stream())) {
 *     pages.peek(bar::step).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>All methods may be called from many threads at once. To count takes some nanoseconds and no lock: a daemon thread
 * draws, ten times a second. Only the end waits, until it is drawn, for a second at most and even in an interrupted
 * thread, which stays interrupted. While there is a bar on a
 * terminal, {@code System.out} and {@code System.err} are replaced by streams that print above it; see
 * {@link ProgressBarBuilder#keepSystemStreams}. An output that is closed or that throws ends the drawing, which is
 * logged once, as a warning of {@code lox.progress}, and harms nothing else.
 */
public final class ProgressBar implements Progress, AutoCloseable {
    private final BarSettings settings;
    private final OutputWarning warning;
    private final boolean isQuiet;
    private final Object lock = new Object();
    private volatile @Nullable LiveBar live; // changed under the lock
    private volatile boolean isClosed; // set under the lock

    ProgressBar(BarSettings settings) {
        this.settings = settings;
        this.warning = new OutputWarning(settings.label());
        this.isQuiet = settings.display() == Display.QUIET;
    }

    /**
     * Makes a bar with default options. It is not shown before its first update.
     *
     * @param label what is counted, at the beginning of the row
     * @return the bar
     * @throws NullPointerException if {@code label} is null
     * @throws IllegalArgumentException if {@code label} is blank or has a control character, such as a line break
     */
    public static ProgressBar of(String label) {
        return builder(label).build();
    }

    /**
     * Makes a bar with options.
     *
     * @param label as in {@link #of}
     * @return the options
     * @throws NullPointerException if {@code label} is null
     * @throws IllegalArgumentException if {@code label} is blank or has a control character, such as a line break
     */
    public static ProgressBarBuilder builder(String label) {
        return new ProgressBarBuilder(label);
    }

    // ---- one gather ------------------------------------------------------------------------------------------------

    /**
     * Follows one gather, or a loop of your own. After the end of a gather, another one may use the same bar: it is
     * shown anew. Gathers that overlap need {@linkplain #part() parts}.
     *
     * @param done how many tasks have ended, the failed ones included
     * @param failed how many of them failed
     * @param total how many there are; a total that was given to the builder counts instead
     * @throws IllegalArgumentException if one of them is negative
     */
    @Override
    public void update(long done, long failed, long total) {
        LiveBar bar = live();
        if (bar != null) {
            bar.own().update(done, failed, total);
        }
    }

    /** Ends the bar, as it is. A gather calls this at its end. */
    @Override
    public void ended() {
        end();
    }

    // ---- several gathers, streams, loops ---------------------------------------------------------------------------

    /**
     * Gives a part of this bar to one of several gathers. The bar counts all of its parts together, and goes on when
     * one of them has ended: close it. Its total is that of the builder or, without one, the sum of those gathers that
     * have begun.
     *
     * <pre>{@code
     * try (ProgressBar bar = ProgressBar.of("pages")) {
     *     for (List<URI> some : List.of(uris.subList(0, 3), uris.subList(3, 6))) {
     *         fetch.gather(some, GatherOptions.create().progress(bar.part()));
     *     }
     * }
     * }</pre>
     *
     * @return the progress of one gather; if that is repeated, it counts anew
     */
    public Progress part() {
        return new Part(() -> {
            LiveBar bar = live();
            return bar == null ? null : bar.counts();
        });
    }

    /** Counts one more. */
    public void step() {
        count(0);
    }

    /**
     * Counts one more, for {@code peek(bar::step)} and {@code doOnNext(bar::step)}: in Reactor and RxJava with
     * {@code doFinally} to close the bar.
     *
     * @param element what has been done; an {@link Outcome.Failure} counts as failed, nothing else is looked at
     */
    public void step(@Nullable Object element) {
        count(element instanceof Outcome.Failure ? 1 : 0);
    }

    private void count(int failed) {
        LiveBar bar = live();
        if (bar != null) {
            bar.counts().add(1, failed, 0);
        }
    }

    // ---- from the first update to the end --------------------------------------------------------------------------

    private @Nullable LiveBar live() {
        LiveBar bar = live;
        return bar != null || isQuiet || isClosed ? bar : show();
    }

    private @Nullable LiveBar show() {
        synchronized (lock) {
            if (live == null && !isClosed) {
                Counts counts = new Counts(settings.total(), settings.clock());
                live = new LiveBar(settings, counts, warning);
            }
            return live;
        }
    }

    private void end() {
        LiveBar ended;
        synchronized (lock) {
            ended = live;
            live = null;
        }
        if (ended != null) {
            ended.end();
        }
    }

    /** Ends the bar, as it is, for good: what is counted later is not shown. Further calls do nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            isClosed = true;
        }
        end();
    }

    @Override
    public String toString() {
        LiveBar bar = live;
        return "ProgressBar[" + settings.label() + ", "
                + (bar != null ? bar.counts().figures().done() + " done" : isClosed ? "closed" : "not shown") + "]";
    }
}
