package lox.sync.engine;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What is left in the slots of a batch that has ended badly: arguments whose tasks will not run, failures that nobody will
 * receive. Each goes, once, to whoever wants to know of it. Who drops a slot has started it, by compare-and-set, as a lane would;
 * so lanes, producers that come late and the one who ended the batch may all do it at once.
 */
final class Leftovers {
    private Leftovers() {}

    /**
     * Drops every slot that is full, or waits for the next function of a chain: those that a producer fills later, or a lane passes
     * on later, are theirs to drop.
     */
    static void dropUnstarted(Batch batch) {
        int filled = batch.upperBound();
        for (int i = 0; i < filled; i++) {
            dropIfFull(batch, i);
            dropIfWaiting(batch, i);
        }
    }

    /** Drops what waits in a stretch of a batch that has ended. */
    static void dropWaiting(Batch batch, int from, int to) {
        for (int i = from; i < to; i++) {
            dropIfWaiting(batch, i);
        }
    }

    private static void dropIfWaiting(Batch batch, int index) {
        byte state = batch.slots().state(index);
        if (Slots.stageOf(state) > 0) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            if (chunk.move(index, state, Slots.CLAIMED)) {
                Stage.leave(batch, state);
                drop(batch, chunk, index, chunk.value(index));
            }
        }
    }

    /** Drops a slot that was filled after the end, when the others had been dropped. */
    static void dropIfFull(Batch batch, int index) {
        if (batch.slots().state(index) == Slots.FULL && batch.start(index)) {
            Slots.Chunk chunk = batch.slots().filledChunk(index);
            Object content = chunk.value(index);
            if (!(content instanceof Span)) { // its items are counted, not it
                batch.dispatcher().intake().leave();
            }
            drop(batch, chunk, index, content);
        }
    }

    /** Drops a slot that the caller has taken: its content is let go, its listener told. */
    static void drop(Batch batch, Slots.Chunk chunk, int index, @Nullable Object content) {
        chunk.finish(index, null, Slots.DROPPED);
        if (content instanceof Span span) { // this is a queue, which only ends badly if its pool does
            Batch home = span.home();
            if (home != null) {
                home.endLike(batch);
            }
            return;
        }
        if (content instanceof Envelope envelope && envelope.completion() != null) {
            envelope.completion().fail(new CancellationException("dropped before it started: its batch has ended"));
        }
        batch.discarded(content instanceof Envelope envelope ? envelope.argument() : content);
    }

    /** In the queue between two functions: lets go of a batch that has ended, and whose items have been dropped. */
    static void releaseSpansOf(Batch home, Batch queue) {
        int filled = queue.upperBound();
        for (int i = 0; i < filled; i++) {
            Slots.Chunk chunk = queue.slots().chunk(i);
            if (chunk != null && chunk.state(i) == Slots.FULL && chunk.value(i) instanceof Span span) {
                span.release(home);
            }
        }
    }

    /** Gives every failure that nobody will receive to whoever collects dropped ones. */
    static void reportFailures(Batch batch) {
        if (batch.failures() > 0) {
            int filled = batch.upperBound();
            for (int i = 0; i < filled; i++) {
                if (batch.slots().state(i) == Slots.FAILED) {
                    report(batch, i);
                }
            }
        }
    }

    /** Gives a failure that the gather will not deliver to whoever collects dropped ones, once. */
    static void report(Batch batch, int index) {
        Slots.Chunk chunk = batch.slots().filledChunk(index);
        if (chunk.move(index, Slots.FAILED, Slots.REPORTED)) {
            Throwable failure = (Throwable) chunk.value(index);
            if (failure != null && !batch.hasEndedWith(failure)) {
                batch.dropped(failure);
            }
        }
    }
}
