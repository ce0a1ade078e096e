package lox.progress;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import lox.sync.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A bar while it is shown. Threads that count touch {@link Counts} alone; one thread of the library, a daemon that
 * serves all bars, draws ten times a second.
 */
final class LiveBar {
    private static final int REFRESH_MILLIS = 100;

    private final Counts counts;
    private final Progress own;
    private final Drawing drawing;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile @Nullable ProgressBar drawn; // null while it is built, as its thread may be faster

    /**
     * Shows a bar from now on.
     *
     * @param label what it is called
     * @param counts what it shows
     * @param where finds the place, on the library's thread
     */
    LiveBar(String label, Counts counts, Function<Counts, Place> where) {
        this.counts = counts;
        this.own = new Part(() -> counts);
        this.drawing = new Drawing(label, () -> where.apply(counts), this::handOver);
        LibraryThread.start();
        this.drawn = new ProgressBarBuilder()
                .setTaskName(label)
                .setInitialMax(Figures.UNKNOWN)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .continuousUpdate()
                .setRenderer(drawing)
                .setConsumer(drawing)
                .build();
    }

    /** Gives the library our numbers. It locks where it counts, so it does not do that for the workers. */
    private void handOver() {
        ProgressBar bar = drawn;
        if (bar != null) {
            Figures figures = counts.figures();
            bar.maxHint(figures.total()).stepTo(figures.done()).setExtraMessage(figures.failures());
        }
    }

    Counts counts() {
        return counts;
    }

    /** Follows the one gather that the bar was given to. */
    Progress own() {
        return own;
    }

    /** Draws the end, and waits for that, but not for long. Call once. */
    void end() {
        BoundedWait.on(
                () -> {
                    if (!drawing.hasBegun()) {
                        close(); // which makes the library draw once
                    }
                    drawing.close();
                },
                this::close);
    }

    /** Ends the library's bar. It waits for the library's thread, and would swallow an interrupt of this one. */
    private void close() {
        ProgressBar bar = drawn;
        if (bar != null && isClosed.compareAndSet(false, true)) {
            bar.close();
        }
    }
}
