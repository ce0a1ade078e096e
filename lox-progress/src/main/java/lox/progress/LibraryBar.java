package lox.progress;

import java.time.Duration;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/**
 * A bar of the library that nobody sees: it holds the numbers that the library's layout reads. Only the library can
 * make them, and it starts its thread for each bar and waits for it at the end, which takes longer than to draw a
 * short run. So rows share one until a second has passed, which is when the times that they show begin to differ.
 */
final class LibraryBar implements ProgressBarRenderer {
    private static @Nullable LibraryBar shared; // guarded by the class

    private final ProgressBar bar;
    private volatile @Nullable ProgressState state;

    /**
     * Makes one for one row. Starts the library's thread, which inherits from this thread.
     *
     * @param elapsed the time so far
     */
    LibraryBar(Duration elapsed) {
        bar = new ProgressBarBuilder()
                .setTaskName("")
                .setInitialMax(Figures.UNKNOWN)
                .startsFrom(0, elapsed)
                .continuousUpdate()
                .setRenderer(this)
                .setConsumer(new DelegatingProgressBarConsumer(text -> {}, 1))
                .build();
        bar.refresh();
        bar.close();
    }

    /** Takes what the library hands to whoever draws. */
    @Override
    public String render(ProgressState numbers, int columns) {
        state = numbers;
        return "";
    }

    /** Lays out a row by its own numbers. */
    synchronized String layOut(ProgressBarRenderer row, Figures figures, int columns) {
        ProgressState numbers = state;
        if (numbers == null) {
            throw new IllegalStateException("the library has not drawn its bar");
        }
        bar.maxHint(figures.total()).stepTo(figures.done()).setExtraMessage(figures.failures());
        return row.render(numbers, columns);
    }

    /** Lays out a row to which nothing has happened yet but within the first second. */
    static synchronized String layOutEarly(ProgressBarRenderer row, Figures figures, int columns) {
        LibraryBar all = shared;
        if (all == null) {
            all = new LibraryBar(Duration.ZERO);
            shared = all;
        }
        all.bar.reset(); // its time, too
        return all.layOut(row, figures, columns);
    }
}
