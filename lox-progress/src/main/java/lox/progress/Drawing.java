package lox.progress;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Draws a bar at its place, by the queue of its output. Whatever goes wrong, an output that is closed or that throws,
 * ends the drawing, is logged, and reaches nobody else.
 */
final class Drawing {
    private final BarSettings settings;
    private final Counts counts;
    private final OutputWarning warning;
    private final OutputQueue queue;
    private final AtomicBoolean isPending = new AtomicBoolean();
    private volatile boolean isEnding;
    private volatile @Nullable BarLayout ready;
    private volatile @Nullable String lastRow;
    private @Nullable Place place; // this and what follows: used by the queue alone
    private boolean isDue;
    private boolean isOver;

    /**
     * Draws a bar.
     *
     * @param settings say where; the place is found when it is first drawn, which may take a while
     * @param counts what it shows
     * @param warning logs that the output has failed
     */
    Drawing(BarSettings settings, Counts counts, OutputWarning warning) {
        this.settings = settings;
        this.counts = counts;
        this.warning = warning;
        this.queue = settings.queue();
    }

    /** Draws how far it is, soon, unless the last such drawing has not begun or the end is near. Does not wait. */
    void refreshSoon() {
        if (!isEnding && isPending.compareAndSet(false, true)) {
            queue.execute(this::refresh);
        }
    }

    /** Does nothing the first time: what has ended by the next is not worth a bar. */
    private void refresh() {
        isPending.set(false);
        if (!isDue) {
            isDue = true;
        } else if (!isOver && !isEnding) {
            try {
                Place at = place();
                String text = at.text();
                if (!text.isEmpty()) {
                    at.show(text);
                }
            } catch (Throwable thrown) {
                giveUp(thrown);
            }
        }
    }

    /** Draws the end, and waits for that, but not for long. Call once. */
    void end() {
        isEnding = true;
        BoundedWait.on(queue, this::drawEnd, this::prepareEnd);
    }

    /**
     * Does what it can of {@link #drawEnd} without waiting for anybody, not even for a drawing that has begun. Nothing
     * can be told here if it fails: then {@link #drawEnd} fails, too.
     */
    private void prepareEnd() {
        try {
            BarLayout layout = settings.layoutAtOnce(counts);
            ready = layout;
            lastRow = layout == null ? null : layout.textOfShortRun();
        } catch (RuntimeException toBeMetAgain) {
            lastRow = null;
        }
    }

    private void drawEnd() {
        if (!isOver) {
            try {
                place().end(lastRow);
                isOver = true;
            } catch (Throwable thrown) {
                giveUp(thrown);
            }
        }
    }

    private Place place() {
        Place known = place;
        if (known == null) {
            known = settings.place(counts, ready);
            place = known;
        }
        return known;
    }

    private void giveUp(Throwable reason) {
        isOver = true;
        try {
            if (place != null) {
                place.leave();
            }
        } catch (Throwable another) {
            if (another != reason) {
                reason.addSuppressed(another);
            }
        }
        warning.log(reason);
    }
}
