package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import lox.sync.internal.result.Completion;
import lox.sync.internal.result.StackProbe;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * One gather: it assembles the results of its batch and delivers them to its observers. When its last observer leaves
 * before the end, tasks that have not started are dropped and running tasks are interrupted.
 *
 * @param <V> what the gatherer receives
 */
public final class Gathering<V> extends Completion<V> {
    private static final VarHandle PUBLISHED;

    static {
        try {
            PUBLISHED = MethodHandles.lookup().findVarHandle(Gathering.class, "published", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Batch batch;
    private final ResultAssembler<V> assembler;
    private final boolean failsFast;
    private final Dialect dialect;

    @SuppressWarnings("unused") // through PUBLISHED
    private volatile boolean published;

    private volatile @Nullable Deadline deadline;
    private volatile @Nullable Runnable alarmOff;
    private final boolean discards;
    private volatile @Nullable UnreceivedResults unreceived; // null in gathers that end normally
    private volatile @Nullable Consumer<Object> lastToLeave; // its discard hook

    public Gathering(Batch batch, ResultAssembler<V> assembler, boolean failsFast, Dialect dialect) {
        this(batch, assembler, failsFast, dialect, dialect.discards());
    }

    /** Makes a gathering. {@code discards}: whether it has to find the results that no observer will receive. */
    public Gathering(Batch batch, ResultAssembler<V> assembler, boolean failsFast, Dialect dialect, boolean discards) {
        super(dialect);
        this.discards = discards;
        this.batch = batch;
        this.assembler = assembler;
        this.failsFast = failsFast;
        this.dialect = dialect;
    }

    /** The batch while it is in progress, null afterwards: a retained result must not retain later batches. */
    @Nullable
    public Batch batch() {
        return batch;
    }

    boolean failsFast() {
        return failsFast;
    }

    /**
     * Ends the gather at a deadline, unless it ends earlier. Call at most once, directly after construction.
     *
     * @param end when the gather ends, and with what; null for none
     * @return this
     */
    public Gathering<V> until(@Nullable Deadline end) {
        if (end == null) {
            return this;
        }
        deadline = end;
        try {
            alarmOff = end.set(() -> expire(end));
        } catch (Throwable noThread) {
            cancel("nothing can watch its time");
            throw noThread;
        }
        if (isEnded()) {
            switchOff();
        }
        return this;
    }

    private void expire(Deadline end) {
        Batch underWay = batch;
        if (underWay != null) {
            underWay.abort(end.terminalCause());
        }
    }

    private void switchOff() {
        Runnable off = alarmOff;
        if (off != null) {
            off.run();
        }
    }

    /** Whether the gatherer receives partial results if the batch ends with this cause. */
    boolean takesPartOf(@Nullable Object terminalCause) {
        Deadline end = deadline;
        return end != null && end.partial() && end.terminalCause() == terminalCause;
    }

    /**
     * Delivers the end of the batch: null for complete. Both sides of a race may call this; only the first call has an
     * effect.
     */
    void publish(Batch ended, @Nullable Throwable failure) {
        if (PUBLISHED.compareAndSet(this, false, true)) {
            batch = null;
            switchOff();
            if (failure == null || takesPartOf(failure)) {
                try {
                    V assembled = assembler.of(ended);
                    if (failure != null) {
                        discardResults(ended, null); // of tasks that have not ended yet
                    }
                    if (!succeed(assembled)) {
                        SlotCleanup.reportFailures(ended); // the last subscriber left in the same instant
                        discardResults(ended, new BitSet()); // those that were assembled, too
                    }
                } catch (Throwable thrown) {
                    refuse(ended, thrown);
                }
            } else {
                refuse(ended, failure);
            }
        }
    }

    // ---- results that nobody will receive --------------------------------------------------------------------------

    private void refuse(Batch ended, Throwable failure) {
        try {
            discardResults(ended, null);
        } finally {
            refuse(failure);
        }
    }

    private void discardResults(Batch ended, @Nullable BitSet received) {
        if (discards) {
            discard(new UnreceivedResults(ended.slots(), ended.size(), received, dialect));
        }
    }

    /**
     * Discards results, now and later, once an observer supplies its discard hook; the last observer may have left
     * meanwhile. Call after the end of the batch. A second call covers more results of the same batch.
     */
    private void discard(UnreceivedResults results) {
        unreceived = results;
        Consumer<Object> last = lastToLeave;
        if (last != null) {
            results.goTo(last);
        }
    }

    /** Discards results to the discard hook of an observer. */
    public void discard(UnreceivedResults results, Observer<?> taker) {
        unreceived = results;
        results.goTo(hookOf(taker));
    }

    private Consumer<Object> hookOf(Observer<?> observer) {
        try {
            return observer.discarding();
        } catch (Throwable thrown) {
            dialect.drop(thrown);
            return result -> {};
        }
    }

    /** Discards the results of tasks that have ended after their batch, if no observer will receive them. */
    void sweep() {
        UnreceivedResults results = unreceived;
        if (results != null) {
            results.sweep();
        }
    }

    @Override
    public void ending(Observer<?> observer) {
        UnreceivedResults results = unreceived;
        if (results != null && !results.isTaken()) {
            results.goTo(hookOf(observer));
        }
    }

    private void refuse(Throwable failure) {
        if (!fail(failure) && !(failure instanceof CancellationException)) {
            dialect.drop(failure); // the last subscriber left in the same instant
        }
    }

    /**
     * Cancels the gather: drops tasks that have not started and interrupts running ones. Does nothing after the end.
     *
     * @param reason the message of the {@link CancellationException} that its observers receive
     */
    public void cancel(String reason) {
        Batch underWay = batch;
        if (underWay != null) {
            StackProbe.check();
            underWay.cancel(reason);
        }
    }

    /**
     * If the calling thread is a worker of the same pool, works for the batch. Call before the thread waits for this
     * gathering other than by a gather, so that it waits only for tasks that other threads run.
     *
     * @throws IllegalStateException if the calling thread is in a task that it would wait for
     */
    public void help() {
        Batch underWay = batch;
        if (underWay != null) {
            underWay.owner().help(underWay, this);
        }
    }

    /**
     * Cancels a submitted task that has not been started. A running task continues.
     *
     * @param reason the message of the {@link CancellationException} that its observers receive
     */
    public void cancelUnstarted(String reason) {
        Batch underWay = batch;
        if (underWay != null) {
            underWay.cancelUnstarted(reason);
        }
    }

    @Override
    public boolean isAbandonable() {
        return true;
    }

    @Override
    public void abandoned(Observer<?> last) {
        lastToLeave = hookOf(last);
        Batch underWay = batch;
        if (underWay != null) { // who calls this has made sure of the stack
            underWay.cancel("the last subscriber of this gather cancelled it");
        }
        ending(last); // if another thread has ended the batch meanwhile
        sweep(); // results stored by lanes that had not seen the end
    }
}
