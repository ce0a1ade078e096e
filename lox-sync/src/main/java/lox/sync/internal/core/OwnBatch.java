package lox.sync.internal.core;

import java.util.Collection;
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
    private static final int LONGEST_BLOCK = 256;

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
    public void checkMayWait() {
        dispatcher.checkMayWait();
    }

    @Override
    public BatchChain batches() {
        return batches;
    }

    @Override
    int put(@Nullable Object content) {
        boolean inline = dispatcher.pool().isInline(); // then no lane looks for work, nor takes this out again
        if (!inline) {
            dispatcher.sources().add(this); // early, so that who ends or awaits the workers knows of the task
        }
        try {
            return dispatcher.submitter().putScattered(content, this);
        } catch (Throwable refused) {
            leaveSources();
            throw refused;
        }
    }

    /**
     * Hands over the arguments of a collection block by block, each twice as long as the one before: one that makes its
     * elements slowly still keeps workers busy. For one thread, while no other one scatters to this batch.
     */
    @Override
    public void scatterAll(Iterable<? extends A> arguments) {
        if (!(arguments instanceof Collection<?>)
                || dispatcher.pool().isInline()
                || dispatcher.submitter().isLimited()) {
            super.scatterAll(arguments);
            return;
        }
        dispatcher.sources().add(this); // early, as in put
        @Nullable Object[] block = new Object[LONGEST_BLOCK];
        int length = 1;
        int count = 0;
        try {
            for (A argument : arguments) {
                Dialect.Context context = dialect().capture();
                block[count++] = context == null ? argument : new Envelope(argument, context);
                if (count == length) {
                    dispatcher.submitter().putScattered(block, count, this);
                    length = Math.min(2 * length, LONGEST_BLOCK);
                    count = 0;
                }
            }
            if (count > 0) {
                dispatcher.submitter().putScattered(block, count, this);
            }
        } catch (Throwable refused) {
            leaveSources();
            throw refused;
        }
    }

    /**
     * Takes this out of the lanes' sources, unless there is something to claim. A lane that looked while it was out may
     * have left.
     */
    private void leaveSources() {
        dispatcher.sources().remove(this);
        dispatcher.lanes().launchForMore();
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
        return dispatcher.pool().isInline() ? 0 : (int) unstarted();
    }

    /** Discards what has not been gathered. Does nothing if the batch has been gathered or closed. */
    public void close() {
        if (batch().size() < 0) {
            try {
                discard();
                leaveSources();
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
    public boolean isIncomplete() {
        return batch().isIncomplete();
    }

    @Override
    public void placed(Batch batch, int index) {
        if (batch.isEnded()) {
            SlotCleanup.dropIfFull(batch, index);
            leaveSources(); // perhaps no lane comes by any more
            return;
        }
        boolean isBack;
        try {
            isBack = dispatcher.sources().add(this);
        } catch (Throwable broken) { // no memory: no lane would ever find the task
            batch.breakOff(broken);
            throw broken;
        }
        if (dispatcher.pool().isClosed()) { // the closing thread may not have seen it
            cancel(dispatcher.pool().closedReason());
        } else {
            dispatcher.lanes().launchFor(batch, index, this);
        }
        if (isBack) { // perhaps the task is over, and so is the lane that ran it
            dispatcher.sources().removeIfIdle(this);
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
        boolean idle = batch().isIdle();
        if (idle) {
            batch().tellUngathered();
        } else {
            cancel(String.valueOf(reason.getMessage()));
        }
        return !idle;
    }

    private void cancel(String reason) {
        batch().cancel(reason);
        batch().tellUngathered();
    }
}
