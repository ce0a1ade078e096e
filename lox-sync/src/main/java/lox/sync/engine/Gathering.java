package lox.sync.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One gather: how its batch is to be harvested, and the result to come. When its last observer leaves before the end, what has
 * not started is dropped and what runs is interrupted.
 *
 * @param <V> what the gatherer receives
 */
public final class Gathering<V> extends Completion<V> {
    private volatile @Nullable Batch batch;
    private final Harvest<V> harvest;
    private final boolean failsFast;
    private final Dialect dialect;
    private final AtomicBoolean published = new AtomicBoolean();

    Gathering(Batch batch, Harvest<V> harvest, boolean failsFast, Dialect dialect) {
        super(dialect);
        this.batch = batch;
        this.harvest = harvest;
        this.failsFast = failsFast;
        this.dialect = dialect;
    }

    /** The batch while it is under way; null later: a result that is kept must not keep the batches after it. */
    @Nullable
    Batch batch() {
        return batch;
    }

    boolean failsFast() {
        return failsFast;
    }

    /** Delivers the end of the batch: null for complete. Both sides of a race may call it; one does the work. */
    void publish(Batch ended, @Nullable Throwable failure) {
        if (published.compareAndSet(false, true)) {
            batch = null;
            if (failure == null) {
                try {
                    if (!succeed(harvest.of(ended))) {
                        Leftovers.reportFailures(ended); // the last subscriber left in the same instant
                    }
                } catch (Throwable thrown) {
                    refuse(thrown);
                }
            } else {
                refuse(failure);
            }
        }
    }

    private void refuse(Throwable failure) {
        if (!fail(failure) && !(failure instanceof CancellationException)) {
            dialect.drop(failure); // the last subscriber left in the same instant
        }
    }

    /**
     * Cancels the gather: drops what has not started, interrupts what runs. Does nothing after the end.
     *
     * @param reason the message of the {@link CancellationException} that its observers receive
     */
    public void cancel(String reason) {
        Batch underWay = batch;
        if (underWay != null) {
            underWay.cancel(reason);
        }
    }

    @Override
    boolean isAbandonable() {
        return true;
    }

    @Override
    void abandoned() {
        cancel("the last subscriber of this gather cancelled it");
    }
}
