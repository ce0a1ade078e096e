package lox.progress;

import org.jspecify.annotations.Nullable;

/** A row of a {@link Screen}. */
final class BarRow implements Place {
    private final BarLayout layout;
    private final Screen screen;
    private final Runnable atEnd;
    private boolean isGivenUp;

    /**
     * Takes a row, from its first text on.
     *
     * @param layout what it shows
     * @param screen where
     * @param atEnd called once, when the row is given up
     */
    BarRow(BarLayout layout, Screen screen, Runnable atEnd) {
        this.layout = layout;
        this.screen = screen;
        this.atEnd = atEnd;
    }

    @Override
    public String text() {
        return layout.text();
    }

    @Override
    public void show(String text) {
        screen.draw(this, text);
    }

    @Override
    public void end(@Nullable String row) {
        screen.finish(this, row != null ? row : layout.text());
        giveUp();
    }

    @Override
    public void leave() {
        screen.remove(this);
        giveUp();
    }

    /** Once, even if the end has failed at its last step and the row is left then. */
    private void giveUp() {
        if (!isGivenUp) {
            isGivenUp = true;
            atEnd.run();
        }
    }
}
