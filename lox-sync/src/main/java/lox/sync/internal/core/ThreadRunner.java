package lox.sync.internal.core;

import lox.sync.internal.pool.CallingThread;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/** Runs tasks in the lane's own thread: takes the next slot, runs its task and stores the result. */
public class ThreadRunner extends RangeRunner {
    private final QueueLimiter limiter;
    private final TaskRunner tasks;
    private final InterruptGuard guard;
    private final RunObservation observation;

    public ThreadRunner(LaneSettings settings, InterruptGuard guard) {
        super(settings, guard, false);
        this.limiter = settings.limiter();
        this.tasks = tasks();
        this.guard = guard;
        this.observation = observation();
    }

    @Override
    public int run(RunSizer sizer, int most) {
        Batch batch = batch();
        int ran = batch == null ? 0 : run(batch, claimed(), Integer.MAX_VALUE);
        count();
        return ran;
    }

    /** Runs the tasks of a range, at most {@code most}. Returns how many it has run. */
    protected final int run(Batch batch, ClaimedRange range, int most) {
        int ran = 0;
        Slots.Chunk chunk = null;
        workFor(batch);
        TaskRunner runner = observation.begin(batch, range, tasks);
        while (ran < most) {
            int index = range.next();
            if (index < 0) {
                break;
            }
            chunk = batch.slots().filledChunk(index, chunk);
            if (range.take(chunk, index)) {
                limiter.leave();
                Object content = chunk.value(index);
                if (batch.isEnded()) {
                    drop(batch, chunk, index, content);
                } else {
                    runOne(runner, batch, index, chunk, content);
                    ran++;
                }
            }
        }
        observation.end(batch, range, ran);
        publish();
        return ran;
    }

    /** Drops a slot outside of the batch, since a listener must not be interrupted for the batch. */
    private void drop(Batch batch, Slots.Chunk chunk, int index, @Nullable Object content) {
        guard.leave();
        CallingThread.clearInterrupt();
        SlotCleanup.drop(batch, chunk, index, content, settings().observer());
        guard.enter(batch);
    }

    private void runOne(TaskRunner runner, Batch batch, int index, Slots.Chunk chunk, @Nullable Object content) {
        boolean over = true;
        try {
            over = runner.run(batch, index, chunk, content);
        } catch (Throwable broken) { // no memory to record a failure: it fails the whole batch
            batch.abort(broken);
        }
        if (over) {
            over(batch, index);
        }
        if (Thread.interrupted() && !guard.isInterrupted()) { // it was meant for that task, or for a caller
            CallingThread.keepInterrupt();
        }
    }
}
