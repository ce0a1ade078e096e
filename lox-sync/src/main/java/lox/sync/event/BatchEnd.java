package lox.sync.event;

/** How a batch ended. */
public enum BatchEnd {
    /** All tasks have run. */
    COMPLETED,
    /** It failed. */
    FAILED,
    /** It was cancelled. */
    CANCELLED
}
