package lox.sync.internal.core;

import java.util.concurrent.RejectedExecutionException;
import lox.sync.internal.pool.LanePool;
import org.jspecify.annotations.Nullable;

/**
 * The pools of a function and of all later ones of its chain, as they accept work. Immutable; safe for use from many
 * threads.
 */
public final class ChainPools {
    private final LanePool pool;
    private final @Nullable NextStage next;

    ChainPools(LanePool pool, @Nullable NextStage next) {
        this.pool = pool;
        this.next = next;
    }

    /**
     * Checks that this function and all later ones accept new work.
     *
     * @throws RejectedExecutionException if one of their pools is closed or shut down
     */
    public void checkAccepting() {
        if (pool.isShutdown()) {
            throw refusal(pool);
        }
        for (NextStage stage = next; stage != null; stage = stage.next()) {
            LanePool further = stage.pool();
            if (further.isShutdown()) {
                throw refusal(further);
            }
        }
    }

    /**
     * Checks that this function still accepts what belongs to work that has been accepted before a shutdown.
     *
     * @throws RejectedExecutionException if its pool is closed
     */
    public void checkNotClosed() {
        if (pool.isClosed()) {
            throw refusal(pool);
        }
    }

    private static RejectedExecutionException refusal(LanePool pool) {
        return new RejectedExecutionException(
                "the Workers \"" + pool.name() + "\" are " + (pool.isClosed() ? "closed" : "shut down"));
    }

    /** Registers what takes in tasks as they come. Returns whether it may continue to its end. */
    public boolean register(WorkSource source) {
        boolean all = pool.ending().admit(source);
        for (NextStage stage = next; stage != null; stage = stage.next()) {
            all &= stage.pool().ending().admit(source);
        }
        return all;
    }

    /** Takes back a {@link #register}: no more tasks come, and no more results leave. */
    public void unregister(WorkSource source) {
        pool.ending().over(source);
        for (NextStage stage = next; stage != null; stage = stage.next()) {
            stage.pool().ending().over(source);
        }
    }
}
