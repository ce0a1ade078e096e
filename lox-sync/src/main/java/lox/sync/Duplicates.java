package lox.sync;

/** What happens when an input puts a second value for a job that is still pending. */
public enum Duplicates {
    /** The new value replaces the one before. This is the default. */
    LAST_WINS,

    /** The put fails with an {@link IllegalStateException}, and the job keeps the value it has. */
    FAIL
}
