package lox.sync.event;

/** How an attempt of a task ended. */
public enum TaskEnd {
    /** It returned a result. */
    SUCCEEDED,
    /** It failed. */
    FAILED,
    /** It failed and will be tried again. */
    RETRIED,
    /** Its time was over. */
    TIMED_OUT,
    /** It was cancelled, or its batch ended before. */
    CANCELLED,
    /** Its worker process crashed. */
    CRASHED
}
