package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * The way in: whatever is scattered, mapped or passed on from one function of a chain to the next goes through here into a slot,
 * after it has found room at the {@link Gate}, if there is a queue limit. Then it sees to it that somebody runs it.
 *
 * <p>What has been put in is never lost: where there is no memory or no stack to store or to run it, its batch ends with that.
 */
final class Intake {
    private final Dispatcher<?, ?> dispatcher;
    private final LanePool pool;
    private final @Nullable Gate gate;

    Intake(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
        this.pool = dispatcher.pool();
        this.gate = pool.queueLimit() == Integer.MAX_VALUE ? null : new Gate(pool.name(), pool.queueLimit());
    }

    /**
     * Puts something into the batch that is open.
     *
     * @return its index
     * @throws IllegalStateException if the pool is closed, the batch is full, or the caller would have to wait and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted while it waits at the queue limit
     */
    int put(@Nullable Object content) {
        admit();
        return put(content, dispatcher.batches(), null);
    }

    /** Puts a span into the queue of a chain's function. Its items have been admitted, and stay so whatever is thrown. */
    void put(Span span) {
        put(span, dispatcher.batches(), null);
    }

    /** Puts an element of a map into its own chain. Never waits: the map bounds what it takes in, and that is counted. */
    void put(@Nullable Object content, Passage<?, ?> passage) {
        if (gate != null) {
            gate.enter(true, dispatcher.dialect());
        }
        put(content, passage.legs(), passage);
    }

    private int put(@Nullable Object content, BatchChain chain, @Nullable Passage<?, ?> passage) {
        Batch batch = chain.open();
        int index = -1;
        try {
            for (index = reserve(batch); index < 0; index = reserve(batch)) {
                chain.moveOn(batch);
                batch = chain.open();
            }
            if (pool.isInline()) {
                batch.fillStarted(index, content);
            } else {
                batch.fill(index, content);
            }
        } catch (Throwable refused) {
            if (index >= 0) { // no memory, no stack: the slot will never be full, so its batch could never complete
                batch.broken = refused;
                batch.abort(refused);
            }
            if (!(content instanceof Span)) {
                leave();
            }
            throw refused;
        }
        if (content instanceof Span) {
            Stage.placed(dispatcher, batch, index);
        } else if (pool.isInline()) {
            try {
                leave();
                new Lane(dispatcher).runHere(batch, index, content);
            } catch (Throwable failure) { // again: the slot may never be finished
                batch.broken = failure;
                batch.abort(failure);
                if (passage == null) {
                    throw failure;
                }
            }
        } else if (batch.isEnded()) {
            Leftovers.dropIfFull(batch, index);
        } else if (passage != null) {
            placed(passage);
        } else {
            dispatcher.lanes().launchIfLacking();
        }
        return index;
    }

    /** An element of a map lies in its slot. Nothing is thrown any more: whoever offered it no longer has it. */
    private void placed(Passage<?, ?> passage) {
        try {
            dispatcher.fronts().add(passage);
            dispatcher.lanes().launchIfLacking();
        } catch (Throwable broken) { // no memory to start a lane: the element may lie here for ever
            passage.stop(broken);
        }
    }

    private int reserve(Batch batch) {
        checkOpen();
        return batch.reserve();
    }

    void checkOpen() {
        if (pool.isClosed()) {
            throw new IllegalStateException("the Workers \"" + pool.name() + "\" are closed");
        }
    }

    /** Whether there is a queue limit. */
    boolean isLimited() {
        return gate != null;
    }

    /**
     * Waits at the queue limit until one more may come in.
     *
     * @throws IllegalStateException if the caller would have to wait and must not
     * @throws java.util.concurrent.CancellationException if the caller is interrupted
     */
    void admit() {
        if (gate != null) {
            gate.enter(Lane.isWorkerOf(pool), dispatcher.dialect());
        }
    }

    /** A slot has been started or dropped: it no longer counts against the queue limit. */
    void leave() {
        if (gate != null) {
            gate.release();
        }
    }

    /** A slot that was started and is not, after all, counts again. */
    void reenter() {
        if (gate != null) {
            gate.reenter();
        }
    }
}
