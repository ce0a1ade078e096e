package lox.progress;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ProgressBar} is shown. Without a word of the program it is {@link #AUTOMATIC}, and the person who runs
 * the program can choose another with the system property {@code lox.progress} or, where that is not set, the
 * environment variable {@code LOX_PROGRESS}: {@code quiet}, {@code lines}, {@code bar} or {@code automatic}, in any
 * case. What the program chooses with {@link ProgressBarBuilder#display} is not changed by them.
 */
public enum Display {
    /** A bar where the output is a terminal, lines elsewhere. */
    AUTOMATIC,

    /** A bar that is drawn over and over in one row, with the control sequences of a terminal. */
    BAR,

    /** Plain lines, one every few seconds and one at the end, as for a log file. */
    LINES,

    /** Nothing. */
    QUIET;

    /** What the property says, or without it the variable; automatic if neither is set, or to no such word. */
    static Display chosen(@Nullable String property, @Nullable String variable) {
        String word = property != null ? property : variable;
        if (word == null || word.isBlank()) {
            return AUTOMATIC;
        }
        try {
            return valueOf(word.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException noSuchWord) {
            System.getLogger("lox.progress")
                    .log(
                            System.Logger.Level.WARNING,
                            "lox.progress is \"" + word + "\", which is none of automatic, bar, lines and quiet");
            return AUTOMATIC;
        }
    }
}
