package lox.sync.spi;

import java.util.function.BooleanSupplier;

/** One worker outside this JVM, lent to one thread. Not thread-safe. */
public interface RemoteWorker {
    /**
     * Opens a run of tasks. Several runs may be in flight; the worker processes them one after the other.
     *
     * @param work the function, which has to be serialisable with all that it captures
     * @param most the most tasks in the run
     * @param giveUp asked while the function cannot be sent; true kills the worker
     * @return the run, not sent yet
     * @throws RuntimeException if the function cannot be sent
     */
    RemoteRun open(Work<?, ?> work, int most, BooleanSupplier giveUp);

    /**
     * Opens a run that measures how long each task takes, if the worker can tell.
     *
     * @param work the function
     * @param most the most tasks in the run
     * @param giveUp asked while the function cannot be sent; true kills the worker
     * @return the run, not sent yet
     * @throws RuntimeException if the function cannot be sent
     */
    default RemoteRun openTimed(Work<?, ?> work, int most, BooleanSupplier giveUp) {
        return open(work, most, giveUp);
    }

    /**
     * The worker's name.
     *
     * @return unique among those of its pool
     */
    default String name() {
        return "";
    }

    /**
     * How far away the worker is.
     *
     * @return nanoseconds that a short message takes to the worker and back, beside what a task takes; 0 if the worker
     *     is on this machine
     */
    default long tripNanos() {
        return 0;
    }

    /**
     * Whether the worker should have a second run while it is at the first, since it would wait for that too long.
     *
     * @return true from a quarter of a millisecond on, there and back
     */
    default boolean isFarAway() {
        return tripNanos() >= 250_000;
    }

    /**
     * Whether this worker can take another run.
     *
     * @return false once it has crashed, was killed, or has run as many tasks as one worker may
     */
    boolean isUsable();

    /** Returns this worker to its pool. Called once. */
    void giveBack();
}
