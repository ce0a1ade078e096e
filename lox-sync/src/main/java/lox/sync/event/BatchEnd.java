package lox.sync.event;

/** How a batch ended. */
public enum BatchEnd {
    /** All tasks have run; some may have failed, if the gather collects failures. */
    COMPLETED,
    /** It failed: with its first failure, or because its time was over. */
    FAILED,
    /** It was cancelled. */
    CANCELLED
}
