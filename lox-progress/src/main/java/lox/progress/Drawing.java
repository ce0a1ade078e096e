package lox.progress;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Draws a bar at its place, on whatever thread. Whatever goes wrong, an output that is closed or that throws, ends the
 * drawing, is logged once, and reaches nobody else.
 */
final class Drawing {
    private final String label;
    private final Supplier<Place> where;
    private @Nullable Place place; // all guarded by this
    private boolean isDue;
    private boolean isOver;

    /**
     * Draws a bar.
     *
     * @param label for messages
     * @param where finds the place to draw at, when it is first drawn: that may take a while
     */
    Drawing(String label, Supplier<Place> where) {
        this.label = label;
        this.where = where;
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

    /** Draws the end. */
    synchronized void end() {
        if (!isOver) {
            try {
                place().end();
                isOver = true;
            } catch (Throwable thrown) {
                giveUp(thrown);
            }
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
