package lox.sync.event;

/** How an attempt of a task ended. */
public enum TaskEnd {
    /** It returned a result. */
    SUCCEEDED,
    /** It failed. */
    FAILED,
    /**
     * It will be tried again, unless its batch ends before: it failed, its time was over, its process crashed, or its
     * process gave it back before it had really begun.
     */
    RETRIED,
    /** Its time was over. */
    TIMED_OUT,
    /** It was interrupted or killed because its batch had ended. */
    CANCELLED,
    /** Its worker process crashed. */
    CRASHED,
    /**
     * The task was dropped before a worker took it up, because its batch had ended, or it could not be started at all.
     * The one end without a start.
     */
    DROPPED
}
