package lox.timeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.event.BatchEvent;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import org.jspecify.annotations.Nullable;

/**
 * A number of attempts, as columns. Any thread may add to it, without a lock: a counter hands out the places, and the
 * column {@code end} is written last, with release semantics, so a reader that finds an end finds the rest, too. A
 * place is written once, and a chunk never used again.
 */
final class TaskChunk {
    static final int SIZE = 512;

    private static final VarHandle END = MethodHandles.arrayElementVarHandle(TaskEnd[].class);

    private final int stripe;
    private final long number;
    private volatile @Nullable TaskChunk previous;
    private final AtomicInteger next = new AtomicInteger();
    private final @Nullable BatchEvent[] batch = new BatchEvent[SIZE];
    private final @Nullable String[] worker = new String[SIZE];
    private final long[] index = new long[SIZE];
    private final int[] attempt = new int[SIZE];
    private final long[] started = new long[SIZE];
    private final long[] waited = new long[SIZE];
    private final long[] ran = new long[SIZE];
    /** Null where nothing has been written yet. */
    private final @Nullable TaskEnd[] end = new TaskEnd[SIZE];

    TaskChunk(int stripe, @Nullable TaskChunk previous) {
        this.stripe = stripe;
        this.number = previous == null ? 0 : previous.number + 1;
        this.previous = previous;
    }

    int stripe() {
        return stripe;
    }

    /** How many the stripe had before it. */
    long number() {
        return number;
    }

    /** The one that the stripe had before, until the queue has that; then null. */
    @Nullable
    TaskChunk previous() {
        return previous;
    }

    void forgetPrevious() {
        previous = null;
    }

    /** Adds an attempt. False if the chunk is full. */
    boolean add(TaskEvent task, TaskEnd how, long ranNanos) {
        int at = next.getAndIncrement();
        if (at >= SIZE) {
            return false;
        }
        batch[at] = task.batch();
        worker[at] = task.worker();
        index[at] = task.index();
        attempt[at] = task.attempt();
        started[at] = task.startedNanos();
        waited[at] = task.waitedNanos();
        ran[at] = ranNanos;
        END.setRelease(end, at, how);
        return true;
    }

    /** Adds what is here to the list. */
    void copyTo(List<Attempt> attempts) {
        for (int at = 0; at < SIZE; at++) {
            TaskEnd how = (TaskEnd) END.getAcquire(end, at);
            BatchEvent ofBatch = batch[at];
            String ofWorker = worker[at];
            if (how != null && ofBatch != null && ofWorker != null) {
                TaskEvent task = new TaskEvent(ofBatch, index[at], attempt[at], ofWorker, started[at], waited[at]);
                attempts.add(Attempt.of(task, how, ran[at], 1));
            }
        }
    }

    /** When the last of those here ended. */
    long lastEnd() {
        long last = Long.MIN_VALUE;
        for (int at = 0; at < SIZE; at++) {
            if (END.getAcquire(end, at) != null) {
                last = Math.max(last, started[at] + Math.max(0, ran[at]));
            }
        }
        return last;
    }
}
