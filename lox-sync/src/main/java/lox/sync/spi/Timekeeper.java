package lox.sync.spi;

/** A clock and a timer that belong together, real or virtual. */
public interface Timekeeper {
    /**
     * The time.
     *
     * @return in nanoseconds since some fixed moment; may be negative and may overflow
     */
    long nanoTime();

    /**
     * Runs a task later, on a thread that may run users' code.
     *
     * @param task what to run
     * @param nanos after so many nanoseconds
     * @return cancels it, if it has not run
     */
    Runnable schedule(Runnable task, long nanos);
}
