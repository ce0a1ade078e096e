package lox.progress;

import org.jspecify.annotations.Nullable;

/**
 * Draws a bar at its place, on whatever thread. Whatever goes wrong, an output that is closed or that throws, ends the
 * drawing, is logged once, and reaches nobody else.
 */
final class Drawing {
    private final BarSettings settings;
    private final Counts counts;
    private volatile @Nullable BarLayout ready;
    private volatile @Nullable String lastRow;
    private @Nullable Place place; // this and what follows: guarded by this
    private boolean isDue;
    private boolean isOver;

    /**
     * Draws a bar.
     *
     * @param settings say where; the place is found when it is first drawn, which may take a while
     * @param counts what it shows
     */
    Drawing(BarSettings settings, Counts counts) {
        this.settings = settings;
        this.counts = counts;
    }

    /** Draws how far it is. Does nothing the first time: what has ended by the next is not worth a bar. */
    synchronized void refresh() {
        if (!isDue) {
            isDue = true;
        } else if (!isOver) {
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

    /**
     * Does what it can of {@link #end} without waiting for anybody, not even for a drawing that has begun. Nothing can
     * be told here if it fails: then {@link #end} fails, too.
     */
    void prepareEnd() {
        try {
            BarLayout layout = settings.layoutAtOnce(counts);
            ready = layout;
            lastRow = layout == null ? null : layout.textOfShortRun();
        } catch (RuntimeException toBeMetAgain) {
            lastRow = null;
        }
    }

    /** Draws the end. */
    synchronized void end() {
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
        System.getLogger("lox.progress")
                .log(
                        System.Logger.Level.WARNING,
                        "the progress of \"" + settings.label() + "\" is not shown any more: its output failed",
                        reason);
    }
}
