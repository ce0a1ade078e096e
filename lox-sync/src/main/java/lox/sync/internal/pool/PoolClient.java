package lox.sync.internal.pool;

/** Runs jobs of its users in the places of a {@link LanePool}, and ends with it. */
public interface PoolClient {
    /**
     * The first half of {@link #shutdownNow}: no job begins any more. One that is interrupted gives its place to
     * another one, which may be another client's.
     */
    void drop();

    /** Refuses new jobs, drops waiting jobs and interrupts running ones. */
    void shutdownNow();

    /** Refuses new jobs. Accepted jobs still run. */
    void shutdown();

    /** Whether it has been shut down and none of its jobs is left. */
    boolean isTerminated();
}
