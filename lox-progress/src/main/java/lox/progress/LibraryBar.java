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
 * make them. It starts its thread for that and waits for it, so this is made where that holds up nobody.
 */
final class LibraryBar implements ProgressBarRenderer {
    private final ProgressBar bar;
    private volatile @Nullable ProgressState state;

    /**
     * Makes one. Starts the library's thread, which lives as long as the JVM and inherits from this thread: to be
     * called on a shared thread.
     *
     * @param label at the beginning of the row
     * @param elapsed the time so far
     */
    LibraryBar(String label, Duration elapsed) {
        bar = new ProgressBarBuilder()
                .setTaskName(label)
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

    /** Lays out a row. */
    String layOut(ProgressBarRenderer row, Figures figures, int columns) {
        ProgressState numbers = state;
        if (numbers == null) {
            throw new IllegalStateException("the library has not drawn its bar");
        }
        bar.maxHint(figures.total()).stepTo(figures.done()).setExtraMessage(figures.failures());
        return row.render(numbers, columns);
    }
}
