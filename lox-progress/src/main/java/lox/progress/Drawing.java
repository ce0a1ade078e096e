package lox.progress;

import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/**
 * What the library calls, on its thread, to draw a bar. Whatever goes wrong, an output that is closed or that throws,
 * ends the drawing, is logged once, and reaches nobody else.
 */
final class Drawing implements ProgressBarRenderer, ProgressBarConsumer {
    private final String label;
    private final Supplier<Place> where;
    private final Runnable beforeEach;
    private @Nullable Place place; // all guarded by this
    private boolean isOver;

    /**
     * Draws a bar.
     *
     * @param label for messages
     * @param where finds the place to draw at, when it is first drawn: that may take a while
     * @param beforeEach brings the library's numbers up to date
     */
    Drawing(String label, Supplier<Place> where, Runnable beforeEach) {
        this.label = label;
        this.where = where;
        this.beforeEach = beforeEach;
    }

    @Override
    public synchronized String render(ProgressState state, int columns) {
        if (isOver) {
            return "";
        }
        try {
            beforeEach.run();
            if (place == null) {
                place = where.get();
            }
            return place.text(state);
        } catch (Throwable thrown) {
            giveUp(thrown);
            return "";
        }
    }

    /** The place knows its own. */
    @Override
    public int getMaxRenderedLength() {
        return Integer.MAX_VALUE;
    }

    @Override
    public synchronized void accept(String text) {
        if (!isOver && place != null && !text.isEmpty()) {
            try {
                place.show(text);
            } catch (Throwable thrown) {
                giveUp(thrown);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (!isOver && place != null) {
            try {
                place.end();
                isOver = true;
            } catch (Throwable thrown) {
                giveUp(thrown);
            }
        }
    }

    private void giveUp(Throwable reason) {
        isOver = true;
        if (place != null) {
            place.leave();
        }
        System.getLogger("lox.progress")
                .log(
                        System.Logger.Level.WARNING,
                        "the progress of \"" + label + "\" is not shown any more: its output failed",
                        reason);
    }
}
