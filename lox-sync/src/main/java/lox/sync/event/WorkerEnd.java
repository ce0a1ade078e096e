package lox.sync.event;

/** How a worker process ended. */
public enum WorkerEnd {
    /** In order: it was idle, had run its tasks, or its Workers ended. */
    ENDED,
    /** By itself, in the middle of its work. */
    CRASHED,
    /** Killed, for a cancel or a timeout. */
    KILLED
}
