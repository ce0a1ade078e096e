package lox.sync.internal.core;

import lox.sync.spi.Dialect;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

/**
 * A batch of one's own on a function and its workers. The lanes serve it in turn with the function's own batches and
 * with the maps in progress.
 *
 * <pre>
 *            gather, close
 *   OPEN -------------------&gt; sealed: a scatter or a further gather is refused, a further close does nothing
 * </pre>
 *
 * @param <A> the type of the arguments
 * @param <R> the type of the results
 */
public final class OwnBatch<A extends @Nullable Object, R extends @Nullable Object> extends ScatterTarget<A, R>
        implements WorkSource {
    private final Dispatcher<A, R> dispatcher;
    private final BatchChain batches;
    private volatile boolean in; // changed by WorkSources

    /** Opens a batch beside that of the function. */
    public OwnBatch(Dispatcher<A, R> dispatcher) {
        this.dispatcher = dispatcher;
        this.batches = new BatchChain(before -> {
            if (before != null) {
                throw refusal();
            }
            return new Batch(dispatcher.owner(), dispatcher.capacity());
        });
    }

    private IllegalStateException refusal() {
        return new IllegalStateException(
                "this batch of \"" + dispatcher.name() + "\" has been gathered or closed; open another one");
    }

    private Batch batch() {
        return batches.open();
    }

    @Override
    public String name() {
        return dispatcher.name();
    }

    @Override
    public Dialect dialect() {
        return dispatcher.dialect();
    }

    @Override
    public BatchChain batches() {
        return batches;
    }

    @Override
    int put(@Nullable Object content) {
        dispatcher.sources().add(this); // before, so that a shutdown that comes between knows of the task
        return dispatcher.submitter().putScattered(content, this);
    }

    @Override
    public boolean seal(Batch batch, Gathering<?> gathering, @Nullable ProgressSink progress) {
        if (!batch.seal(gathering, progress)) {
            throw refusal();
        }
        return true;
    }

    @Override
    public int pending() {
        return (int) unstarted();
    }

    /** Discards what has not been gathered. Does nothing if the batch has been gathered or closed. */
    public void close() {
        if (batch().size() < 0) {
            try {
                discard();
            } catch (IllegalStateException gathered) {
                return; // in between
            }
        }
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    @Override
    public boolean isCounted() {
        return true;
    }

    @Override
    public boolean isScattered() {
        return true;
    }

    @Override
    public void placed(Batch batch, int index) {
        if (batch.isEnded()) {
            SlotCleanup.dropIfFull(batch, index);
        } else {
            dispatcher.sources().add(this);
            dispatcher.lanes().launchIfLacking();
        }
    }

    @Override
    public boolean isIn() {
        return in;
    }

    @Override
    public void setIn(boolean now) {
        in = now;
    }

    @Override
    public long unstarted() {
        return batch().unstarted();
    }

    @Override
    public boolean stop(Throwable reason) {
        if (batch().isIdle()) {
            return false;
        }
        batch().cancel(String.valueOf(reason.getMessage()));
        return true;
    }
}
