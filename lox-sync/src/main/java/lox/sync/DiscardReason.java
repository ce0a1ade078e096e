package lox.sync;

/** Why a job, or a value of one, was discarded instead of joined. */
public enum DiscardReason {
    /** It was not filled in the time set by {@code expireAfter}. */
    EXPIRED,

    /** It was the oldest when there was no room for a new one. */
    EVICTED,

    /** It can no longer be filled: an input it needs a value from has completed, or all inputs have left. */
    COMPLETED,

    /** The Funnel failed, or was abandoned by its only subscriber. */
    FAILED,

    /** The value came after its job had been joined; only with {@code rememberJoined}. */
    LATE
}
