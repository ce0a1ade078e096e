package lox.progress;

import lox.sync.Progress;

/** A bar while it is shown. Threads that count touch {@link Counts} alone; {@link Refresh} draws. */
final class LiveBar {
    private final Counts counts;
    private final Progress own;
    private final Drawing drawing;

    /**
     * Shows a bar from now on.
     *
     * @param settings of the bar
     * @param counts what it shows
     * @param warning logs that the output has failed
     */
    LiveBar(BarSettings settings, Counts counts, OutputWarning warning) {
        this.counts = counts;
        this.own = new Part(() -> counts);
        this.drawing = new Drawing(settings, counts, warning);
        Refresh.add(drawing);
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
        Refresh.remove(drawing);
        drawing.end();
    }
}
