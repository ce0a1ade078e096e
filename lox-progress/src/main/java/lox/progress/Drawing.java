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
    private @Nullable ProgressState begun;
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
        boolean isFirst = begun == null;
        begun = state;
        return isFirst || isOver ? "" : text(state); // what has ended by the next time was not worth a bar
    }

    private String text(ProgressState state) {
        try {
            beforeEach.run();
            return place().text(state);
        } catch (Throwable thrown) {
            giveUp(thrown);
            return "";
        }
    }

    private Place place() {
        Place known = place;
        if (known == null) {
            known = where.get();
            place = known;
        }
        return known;
    }

    /** Whether the library has called. */
    synchronized boolean hasBegun() {
        return begun != null;
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

    /** Draws the end. The library has to have called before. */
    @Override
    public synchronized void close() {
        if (!isOver && begun != null) {
            try {
                beforeEach.run();
                place().end(begun);
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
