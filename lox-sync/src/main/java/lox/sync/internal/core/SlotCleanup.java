package lox.sync.internal.core;

import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.slot.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Cleans up the slots of a batch that has not completed: drops arguments whose tasks will not run, and reports failures
 * that no gatherer will receive, each of them once. A thread that drops a slot starts it first, by compare-and-set, as
 * a lane would. Lanes, late producers and the thread that ended the batch may therefore all clean up at once.
 */
public final class SlotCleanup {
    private SlotCleanup() {}

    /**
     * Drops every slot that is full, or waits for its next attempt or for the next function of a chain. A thread that
     * brings a slot into such a state later drops that slot itself.
     */
    static void dropUnstarted(Batch batch) {
        int filled = batch.upperBound();
        for (int i = 0; i < filled; i++) {
            dropIfFull(batch, i);
            dropIfWaiting(batch, i);
            dropIfDelayed(batch, i);
        }
    }

    /** Drops the waiting items in an index range of a batch that has ended. */
    public static void dropWaiting(Batch batch, int from, int to) {
        for (int i = from; i < to; i++) {
            dropIfWaiting(batch, i);
        }
    }

    private static void dropIfWaiting(Batch batch, int index) {
        byte state = batch.slots().state(index);
        if (Slots.stageOf(state) > 0) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (chunk.move(index, state, Slots.CLAIMED)) {
                batch.owner().leaveQueue(state);
                drop(batch, chunk, index, chunk.value(index), batch.observer(state));
            }
        }
    }

    private static void dropIfDelayed(Batch batch, int index) {
        if (batch.slots().state(index) == Slots.DELAYED) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (chunk.move(index, Slots.DELAYED, Slots.CLAIMED)) {
                drop(batch, chunk, index, chunk.value(index), batch.observer(Slots.DELAYED));
            }
        }
    }

    /** Drops a slot that was filled after the batch had ended and the other slots had been dropped. */
    public static void dropIfFull(Batch batch, int index) {
        if (batch.slots().state(index) == Slots.FULL && batch.start(index)) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            Object content = chunk.value(index);
            batch.leaveQueue(content);
            drop(batch, chunk, index, content, batch.observer(Slots.FULL));
        }
    }

    /**
     * Drops a slot that the caller has taken, and releases its content.
     *
     * @param observer who wants to know of the function that would have run it, or null
     */
    public static void drop(
            Batch batch, Slots.Chunk chunk, int index, @Nullable Object content, @Nullable FunctionObserver observer) {
        chunk.finish(index, null, Slots.DROPPED);
        batch.dropped(content);
        if (observer != null && observer.isListened()) {
            int attempt = Envelope.failuresOf(content) + 1;
            batch.observation().dropped(observer, index, batch.place(index), attempt);
        }
    }

    /** Passes every failure that no gatherer will receive to {@link Batch#droppedFailure}. */
    public static void reportFailures(Batch batch) {
        if (batch.failures() > 0) {
            int filled = batch.upperBound();
            for (int i = 0; i < filled; i++) {
                if (batch.slots().state(i) == Slots.FAILED) {
                    report(batch, i);
                }
            }
        }
    }

    /** Passes a failure that the gather will not deliver to {@link Batch#droppedFailure}, once. */
    public static void report(Batch batch, int index) {
        Slots.Chunk chunk = batch.slots().filledChunk(index);
        if (chunk.move(index, Slots.FAILED, Slots.REPORTED)) {
            Throwable failure = (Throwable) chunk.value(index);
            if (failure != null && !batch.hasEndedWith(failure)) {
                batch.droppedFailure(failure);
            }
        }
    }
}
