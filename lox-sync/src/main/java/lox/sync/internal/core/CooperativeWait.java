package lox.sync.internal.core;

import java.util.ArrayList;
import java.util.List;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.PoolJob;
import org.jspecify.annotations.Nullable;

/**
 * The work that a task does while it waits for a batch of its own pool: it runs tasks of that batch, since it occupies
 * a worker that the batch needs. Tasks may therefore scatter and gather to any depth, even with one worker.
 *
 * <p>Later functions of a chain receive items at any time, and nothing notifies a task that occupies one of their
 * workers. A task of the batch that waits for its next attempt comes back at any time, too, and a batch that grows gets
 * more tasks. The waiting task polls instead: soon after it has found something, and at growing intervals while it
 * finds nothing. An instance belongs to one wait.
 */
public final class CooperativeWait {
    private static final long SHORTEST_PAUSE_NANOS = 20_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;

    private final List<NextStage> stages;
    private final @Nullable DelayedRetries retries;
    private final boolean grows;
    private final Lanes lanes;
    private final Batch batch;
    private long pause = SHORTEST_PAUSE_NANOS;

    private CooperativeWait(
            List<NextStage> stages, @Nullable DelayedRetries retries, boolean grows, Lanes lanes, Batch batch) {
        this.stages = stages;
        this.retries = retries;
        this.grows = grows;
        this.lanes = lanes;
        this.batch = batch;
    }

    /**
     * Refuses to wait inside of a function that does not block: its lane keeps its place, and has no other task to run
     * meanwhile.
     *
     * @throws IllegalStateException if the caller is in a call that occupies a place of this pool
     */
    static void checkMayWait(LanePool pool) {
        if (pool.isAsynchronous() && PoolJob.isWorkerOf(pool)) {
            throw new IllegalStateException("a function on the Workers \"" + pool.name()
                    + "\", which must not block, would wait for them; return a publisher, or a stage, instead");
        }
    }

    /** If the caller is a worker of the same pool, works for a batch that the caller is about to wait for. */
    static void first(LanePool pool, Lanes lanes, Batch batch) {
        checkMayWait(pool);
        // There is nothing to find where tasks run in the thread that scatters them.
        if (!pool.isInline()
                && PoolJob.isWorkerOf(pool)
                && !Thread.currentThread().isInterrupted()) {
            lanes.make().help(batch);
        }
    }

    /**
     * The work that a caller has to do periodically while it waits, because later stages, tasks that wait for their
     * next attempt, or those that the batch still gets, need the worker that it occupies; or null.
     */
    static @Nullable CooperativeWait meanwhile(
            LanePool pool, Lanes lanes, @Nullable DelayedRetries retries, @Nullable NextStage next, Batch batch) {
        boolean open = !batch.isSealed() && !pool.isInline();
        if (next == null && retries == null && !open) {
            return null;
        }
        boolean worker = PoolJob.isWorkerOf(pool);
        boolean grows = open && worker;
        DelayedRetries own = worker ? retries : null;
        List<NextStage> needed = new ArrayList<>();
        for (NextStage after = next; after != null; after = after.next()) {
            if (PoolJob.isWorkerOf(after.pool())) {
                checkMayWait(after.pool());
                needed.add(after);
            }
        }
        return needed.isEmpty() && own == null && !grows ? null : new CooperativeWait(needed, own, grows, lanes, batch);
    }

    /**
     * Works for what has something to do. Returns after how many nanoseconds to call again, at the latest.
     */
    public long work() {
        boolean found = (retries != null && retries.hasDue(batch)) || (grows && batch.hasUnclaimed());
        if (found) {
            lanes.make().help(batch);
        }
        for (NextStage stage : stages) {
            found |= stage.help(batch);
        }
        pause = found ? SHORTEST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        return pause;
    }
}
