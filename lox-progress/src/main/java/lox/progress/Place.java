package lox.progress;

import org.jspecify.annotations.Nullable;

/**
 * Where a bar is shown: a row of a terminal, or lines. Used by one thread at a time. May throw what its output
 * throws.
 */
interface Place {
    /** What is to be shown now; empty for nothing. */
    String text();

    /** Shows it. */
    void show(String text);

    /**
     * Shows the end, whether or not anything was shown before, and takes no more.
     *
     * @param row what a row of a terminal shows at the end; null if it has not been laid out
     */
    void end(@Nullable String row);

    /** Takes no more, without showing anything: the output has failed. */
    void leave();
}
