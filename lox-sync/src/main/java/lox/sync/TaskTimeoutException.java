package lox.sync;

import java.time.Duration;

/**
 * A task has taken longer than {@link Workers.Builder#taskTimeout} allows. Its stack trace is that of the task, where
 * it was when its time was over.
 */
public final class TaskTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which task. */
    private final int index;

    /** How long it was allowed to take. */
    private final Duration limit;

    TaskTimeoutException(int index, String task, Duration limit) {
        super(task + " took longer than " + limit);
        this.index = index;
        this.limit = limit;
    }

    /**
     * Which task it was.
     *
     * @return the index of its scatter in its batch, or of its element in its stream; in a map by key, where elements
     *     are not counted, in the order in which they could run
     */
    public int index() {
        return index;
    }

    /**
     * How long a task may take.
     *
     * @return the time that was given to the Workers
     */
    public Duration limit() {
        return limit;
    }
}
