package lox.sync.internal.core;

import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Fails the tasks of one function: attaches the {@linkplain TaskOrigin origin} to the failure and stores the failure in
 * the task's slot.
 */
public final class TaskFailures {
    private final String name;
    private final TaskPolicy policy;
    private final FunctionObserver observer;

    TaskFailures(LanePool pool, FunctionObserver observer) {
        this.observer = observer;
        this.name = pool.name();
        this.policy = pool.policy();
    }

    public TaskPolicy policy() {
        return policy;
    }

    /** Makes the failure of a task that has exceeded its time limit. */
    public Throwable timeout(Batch batch, int index) {
        int number = (int) Math.min(batch.ordinal(index), Integer.MAX_VALUE); // a stream may be longer
        return policy.timeout().after(number, batch.called(index) + " of \"" + name + "\"");
    }

    /** Fails a task whose slot the caller has started. The caller has to count the task afterwards. */
    void fail(Batch batch, int index, Slots.Chunk chunk, @Nullable Object content, Throwable thrown, int attempts) {
        Object argument = Envelope.argumentIn(content);
        boolean nobodysLoss = batch.isEnded() && InterruptEcho.isEcho(thrown);
        TaskOrigin.attach(thrown, name, batch.called(index), argument, attempts, policy.arguments());
        chunk.finish(index, thrown, nobodysLoss ? Slots.REPORTED : Slots.FAILED);
        batch.failed(index, thrown);
    }

    /**
     * Fails a task that no lane can run, and counts it.
     */
    public void refuse(Batch batch, int index, @Nullable Object content, Throwable reason) {
        tellRefusal(batch, index, content, reason);
        giveUp(batch, index, content, reason, 1, 1);
    }

    /** Tells that a task has failed because no worker can take it up. */
    public void tellRefusal(Batch batch, int index, @Nullable Object content, Throwable reason) {
        if (observer.isListened()) {
            int attempt = Envelope.failuresOf(content) + 1;
            long tasks = batch.place(batch.upperBound());
            batch.observation().refused(observer, index, batch.place(index), attempt, reason, tasks);
        }
    }

    /**
     * Fails a task that no lane can finish, and counts it.
     *
     * @param count how many tasks of the batch to count, including this one
     */
    void giveUp(Batch batch, int index, @Nullable Object content, Throwable reason, int attempts, int count) {
        fail(batch, index, batch.slots().filledChunk(index), content, reason, attempts);
        batch.finished(count);
        if (batch.isStreamed()) {
            batch.settled(index);
        }
    }
}
