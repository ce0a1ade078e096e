package lox.sync.internal.pool;

import java.util.List;

/** A function whose lanes run in the places of a {@link LanePool}, and which ends with it. */
public interface PoolFunction {
    /** Cancels every batch that has not ended. */
    void cancelAll(String reason);

    /** Whether nothing is left to run. Meaningful once no new work is accepted: a quiet function then stays quiet. */
    boolean isQuiet();

    /** How many of its tasks wait for a worker. */
    long pending();

    /** What its lanes are at. */
    List<RunningTask> running();
}
