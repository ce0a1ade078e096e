package lox.sync;

/** What an input that is made after the first put means for the jobs that are pending by then. */
public enum LateInputs {
    /** They wait for its value too. This is the default. */
    RAISE_PENDING,

    /** They do not wait for it, but take its value if it comes in time. Jobs that begin later wait for it. */
    NEW_JOBS_ONLY,

    /** There is no late input: making one fails with an {@link IllegalStateException}. */
    REFUSE
}
