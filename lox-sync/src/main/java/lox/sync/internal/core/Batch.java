package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import lox.sync.internal.observe.BatchObservation;
import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.observe.ObservedBatch;
import lox.sync.internal.observe.ScatterTimes;
import lox.sync.internal.slot.SlotQueue;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.ProgressSink;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: ending a batch and publishing its end are one protocol over one field, kept in one place.
/**
 * The tasks scattered between one gather and the next.
 *
 * <pre>
 *            seal (gather)         last task finished
 *   OPEN ------------------&gt; SEALED ---------------------&gt; COMPLETE
 *     |                        |
 *     |                        +---- a task failed, in fail-fast mode ---&gt; the failure
 *     |                        +---- the last subscriber left -----------&gt; CancellationException
 *     +---- the Workers were closed ------------------------------------&gt; CancellationException
 * </pre>
 *
 * <p><b>Invariant.</b> The end is set once, by compare-and-set, and the thread that sets it reports it.
 * {@link SlotCleanup} handles what is then left in the slots.
 */
public class Batch extends SlotQueue {
    private static final Object COMPLETE = "complete";
    private static final int NONE_ANY_MORE = -2;

    private static final VarHandle GATHERING;
    private static final VarHandle END;
    private static final VarHandle FIRST_FAILURE;
    private static final VarHandle FAILURES;
    private static final VarHandle LATER_FAILURES;
    private static final VarHandle OBSERVATION;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            GATHERING = lookup.findVarHandle(Batch.class, "gathering", Gathering.class);
            END = lookup.findVarHandle(Batch.class, "end", Object.class);
            FIRST_FAILURE = lookup.findVarHandle(Batch.class, "firstFailure", Throwable.class);
            FAILURES = lookup.findVarHandle(Batch.class, "failures", int.class);
            LATER_FAILURES = lookup.findVarHandle(Batch.class, "laterFailures", LaterFailures.class);
            OBSERVATION = lookup.findVarHandle(Batch.class, "observation", BatchObservation.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BatchOwner owner;

    private volatile @Nullable Gathering<?> gathering;
    private @Nullable ProgressReport progress; // published by size
    private volatile @Nullable IntConsumer listener; // null in most batches
    private volatile @Nullable Object end;
    private volatile @Nullable Throwable firstFailure;
    private volatile @Nullable LaterFailures laterFailures; // null in most batches
    private volatile @Nullable UngatheredFailures ungathered; // null in most batches
    private volatile @Nullable BatchObservation observation; // null unless somebody wants to know

    /**
     * The failure that has to end this batch where {@link #abort} may fail. It is set before {@code abort} is called
     * wherever the stack may be exhausted, by tasks in the caller's thread that scatter without end: no call succeeds
     * there any more, but a store does. A thread that comes by with a shorter stack, in an outer task or as the sealer,
     * then ends the batch.
     */
    public volatile @Nullable Throwable broken;

    /**
     * The slot that is reserved and not filled, because the stack of its producer was used up in between, and what it
     * is to be filled with; -1 if there is none, {@value #NONE_ANY_MORE} once the sealer has looked. Both are written
     * under this batch's monitor, by bytecodes that need no stack. A thread that comes by with a shorter stack fills
     * the slot: {@link #fillLate}.
     */
    public volatile int lateIndex = -1;

    public @Nullable Object late;

    @SuppressWarnings("unused") // through FAILURES
    private volatile int failures;

    protected Batch(BatchOwner owner, int capacity) {
        this(owner, capacity, -1);
    }

    /** Makes a batch for a single task, sealed from the beginning. */
    protected Batch(BatchOwner owner) {
        this.owner = owner;
    }

    /** Makes a batch whose size is fixed from the beginning and that is not gathered. */
    protected Batch(BatchOwner owner, int capacity, int size) {
        super(capacity, size);
        this.owner = owner;
    }

    @Override
    public final IllegalStateException overflow(int most) {
        return new IllegalStateException("more than " + most + " scatters in one batch of \"" + owner.name()
                + "\": gather before you scatter more");
    }

    public final BatchOwner owner() {
        return owner;
    }

    /** Sets the listener that {@link #settled} notifies, for a gatherer that receives the results one by one. */
    public void streamTo(IntConsumer settled) {
        listener = settled;
    }

    /** Whether no lane will find work in this batch any more. */
    public boolean isOver() {
        int all = size();
        return all >= 0 && (end != null || counters().head() >= all);
    }

    /** Whether {@link #settled} has to be called for each task that has run. */
    public boolean isStreamed() {
        return listener != null;
    }

    /**
     * Notifies the listener, if there is one, of a task that has run. The lane that ran the task calls this after it
     * has stored the outcome in the slot and has left the batch, so the listener is not interrupted for the batch.
     */
    public void settled(int index) {
        IntConsumer settled = listener;
        if (settled != null) {
            settled.accept(index);
        }
    }

    /** Throws if null is not a valid result. Called when a task has returned null. */
    public void checkNull(int index) {}

    /** Whether this is the batch of a single task. The front has passed it long before that task has run. */
    boolean isSingle() {
        return false;
    }

    /** The name of a task in messages. */
    public String called(int index) {
        return "scatter " + ordinal(index);
    }

    /** Zero-based position of a slot in the whole stream, for messages. */
    public long ordinal(int index) {
        return index;
    }

    /** Counts tasks that have run, after their outcomes have been stored. Completes the batch if they were the last. */
    public void finished(int tasks) {
        long done = counters().finish(tasks);
        if (end != null) {
            sweep();
        }
        if (size() >= 0) {
            progressed(done);
        }
    }

    /** Discards the results of tasks that have ended after the batch. */
    private void sweep() {
        Gathering<?> gather = gathering;
        if (gather != null) {
            gather.sweep();
        }
    }

    private void progressed(long done) {
        if (progress != null) {
            progress.report(); // completes the batch after the last update
        } else if (done == size()) {
            complete();
        }
    }

    private void endProgress() {
        if (progress != null) {
            progress.reportEnd();
        }
    }

    /** Records a failure that has just been stored in its slot. */
    public void failed(int index, Throwable failure) {
        count(failure);
        boolean told = end == null && watchUngathered(index, failure);
        if (end == null) {
            failFast();
        } else if (!told) {
            SlotCleanup.report(this, index);
        }
    }

    /**
     * Records a failure of a batch that has not been gathered. Returns whether the failure will be reported together
     * with the others, unless they are gathered.
     */
    private boolean watchUngathered(int index, Throwable failure) {
        if (gathering != null || slots().state(index) != Slots.FAILED) {
            return false;
        }
        boolean counted;
        synchronized (slots()) {
            UngatheredFailures known = ungathered;
            if (known == null) {
                ungathered = UngatheredFailures.of(this, failure, owner.name(), owner.dialect());
                counted = true;
            } else {
                counted = known.another();
            }
        }
        if (gathering != null) { // sealed meanwhile: the sealer looks for this afterwards, so one finds the other
            gathered();
            return false;
        }
        return counted;
    }

    private void gathered() {
        UngatheredFailures failures = ungathered;
        Gathering<?> gather = gathering;
        if (failures != null && failures.gathered() && gather != null) {
            gather.failureIsKnown(); // it has been reported
        }
    }

    /** Reports the failures of this batch if it has not been gathered. Called when its Workers are closed. */
    public void tellUngathered() {
        UngatheredFailures failures = ungathered;
        if (failures != null) {
            failures.run();
        }
    }

    protected final void count(Throwable failure) {
        FAILURES.getAndAdd(this, 1);
        FIRST_FAILURE.compareAndSet(this, (Throwable) null, failure);
    }

    // ---- gathering -------------------------------------------------------------------------------------------------

    /** Sets the gathering of a batch that is sealed from the beginning. Call before the batch is shared. */
    public void tell(Gathering<?> gather) {
        gathering = gather;
    }

    /** Seals the batch, which fixes its size. Returns false if another gather was first. */
    public boolean seal(Gathering<?> gather, @Nullable ProgressSink sink) {
        ProgressReport report = sink == null ? null : new ProgressReport(this, sink, owner.dialect());
        if (!GATHERING.compareAndSet(this, (Gathering<?>) null, gather)) {
            return false;
        }
        progress = report;
        close();
        gathered();
        return true;
    }

    /**
     * Re-checks completion and failure, since tasks that finished earlier could not see the seal. Call once, after
     * sealing.
     */
    public void sealed() {
        endIfBroken();
        closeLate();
        BatchObservation seen = observation;
        if (seen != null) {
            seen.batch().sealed(size());
        }
        Object ended = end;
        if (ended != null) {
            endProgress();
            publish(ended);
        } else {
            progressed(counters().finished()); // before a failure from before the seal: the first update is at the call
            failFast();
        }
        owner.launchForMore();
    }

    private void failFast() {
        Throwable first = firstFailure;
        Gathering<?> gather = gathering;
        if (first != null && size() >= 0 && gather != null && gather.failsFast()) {
            end(first);
        }
    }

    /**
     * Completes the batch: all tasks have run. A failure from before the seal takes effect now, if the sealer has not
     * re-checked yet.
     */
    public void complete() {
        failFast();
        end(COMPLETE);
    }

    /** Cancels the batch: drops tasks that have not started and interrupts running ones. */
    public void cancel(String reason) {
        end(new CancellationException(reason));
    }

    /** Ends the batch with a failure, for instance because a scatter could not be stored or run. */
    public void abort(Throwable failure) {
        end(failure);
    }

    /**
     * Ends the batch now or, if there is no stack for that, leaves it to another thread through {@link #broken}. Never
     * throws.
     */
    public void breakOff(Throwable failure) {
        try {
            abort(failure);
        } catch (Throwable noStack) {
            broken = failure; // a store, which needs none
        }
    }

    /** Ends the batch if the thread that had to end it ran out of stack: see {@link #broken}. */
    public void endIfBroken() {
        Throwable failure = broken;
        if (failure != null && end == null) {
            end(failure);
        }
    }

    private void end(Object terminalCause) {
        if (!END.compareAndSet(this, (Object) null, terminalCause)) {
            return;
        }
        try {
            if (terminalCause != COMPLETE) {
                endingEarly();
                owner.interrupt(this);
                SlotCleanup.dropUnstarted(this);
                owner.release(this);
                Gathering<?> gather = gathering;
                if (gather == null ? ungathered == null : !gather.takesPartOf(terminalCause)) {
                    SlotCleanup.reportFailures(this);
                } // else they are reported together, or are outcomes
                if (size() >= 0) {
                    endProgress();
                }
            }
        } finally {
            if (terminalCause != COMPLETE || !isSingle()) {
                owner.launchForMore(); // which releases this batch, too
            }
            if (observation != null) {
                observeEnd(terminalCause == COMPLETE ? null : (Throwable) terminalCause);
            }
            if (size() >= 0) {
                publish(terminalCause);
            }
        }
    }

    /** Called when this batch has been ended early. One that nobody will seal seals itself here, to publish its end. */
    protected void endingEarly() {}

    private void publish(Object terminalCause) {
        publish(terminalCause == COMPLETE ? null : (Throwable) terminalCause);
    }

    /** Publishes the end to the gathering: null for complete. */
    public void publish(@Nullable Throwable failure) {
        Gathering<?> gather = gathering;
        if (gather != null) {
            gather.publish(this, failure);
        }
    }

    /** Ends this batch with the cause that ended the stage queue holding its items. */
    public void endLike(Batch queue) {
        Object terminalCause = queue.end;
        end(terminalCause == null ? new CancellationException("dropped on its way") : terminalCause);
    }

    /** Returns the queue-limit permit of a slot whose content has left without being started. */
    public void leaveQueue(@Nullable Object content) {
        owner.leaveQueue();
    }

    /** Called when the content of a slot has been dropped. */
    public void dropped(@Nullable Object content) {
        if (content instanceof CalledEnvelope called) {
            called.drop(this::discarded, this::droppedFailure);
        } else {
            discarded(Envelope.argumentIn(content));
        }
    }

    /** Called when an argument has been dropped before its task started. */
    public void discarded(@Nullable Object argument) {}

    /** Drops the task of a submission if it has not been started. Does nothing for other batches. */
    public void cancelUnstarted(String reason) {}

    /**
     * Handles a failure other than the one that ended the batch: attaches it to that one or, for instance after a
     * cancellation, drops it.
     */
    public void droppedFailure(Throwable failure) {
        if (!(end instanceof Throwable first) || !goesWith(first, failure)) {
            owner.dialect().drop(failure);
        }
    }

    private boolean goesWith(Throwable first, Throwable failure) {
        if (gathering == null || (first instanceof CancellationException && first != firstFailure)) {
            return false;
        }
        LaterFailures later = laterFailures;
        if (later == null) {
            LaterFailures made = new LaterFailures();
            LaterFailures witness = (LaterFailures) LATER_FAILURES.compareAndExchange(this, (LaterFailures) null, made);
            later = witness != null ? witness : made;
        }
        return later.add(first, failure);
    }

    public boolean hasEndedWith(Throwable failure) {
        return failure == end;
    }

    /** Whether the batch has completed: all its tasks have run. */
    public boolean hasCompleted() {
        return end == COMPLETE;
    }

    /** Whether the batch has ended, by completion or early. Tasks that have not started by then never will. */
    public boolean isEnded() {
        return end != null;
    }

    /**
     * Fills a slot whose producer had no stack left for it, if there is one. Where there is no memory for it either,
     * the batch ends with that error.
     */
    public final void fillLate() {
        if (lateIndex >= 0) {
            int index;
            Throwable noMemory = null;
            synchronized (this) {
                index = lateIndex;
                if (index < 0) {
                    return;
                }
                try {
                    fill(index, late);
                } catch (Throwable thrown) {
                    noMemory = thrown;
                }
                late = null;
                lateIndex = -1;
            }
            if (noMemory != null) {
                breakOff(noMemory);
            } else if (isEnded()) {
                SlotCleanup.dropIfFull(this, index);
            } else {
                owner.launchForMore();
            }
        }
    }

    /** From now on a producer without stack ends the batch: after the sealer, nobody need come by. */
    private void closeLate() {
        for (; ; ) {
            fillLate();
            synchronized (this) {
                if (lateIndex < 0) {
                    lateIndex = NONE_ANY_MORE;
                    return;
                }
            }
        }
    }

    // ---- observation -----------------------------------------------------------------------------------------------

    /** What is told of this batch. Made by the first thread that has something to tell. */
    public final BatchObservation observation() {
        BatchObservation known = observation;
        if (known == null) {
            BatchObservation made = new BatchObservation(told(), new ScatterTimes());
            BatchObservation witness =
                    (BatchObservation) OBSERVATION.compareAndExchange(this, (BatchObservation) null, made);
            known = witness != null ? witness : made;
            known.batch().opened(); // here: a listener sees the context of the scatter that has begun the batch
        }
        return known;
    }

    /** The batch that listeners are told of. */
    protected ObservedBatch told() {
        return owner.observer().batch();
    }

    /** The place of a slot in the batch that listeners are told of. */
    public long place(int index) {
        return index;
    }

    /** Who wants to know of an item that waits in this state, or null. */
    protected @Nullable FunctionObserver observer(byte waiting) {
        return owner.observer(waiting);
    }

    /** Tells how this batch has ended. Null for complete. */
    protected void observeEnd(@Nullable Throwable failure) {
        try {
            observation().batch().ended(upperBound(), size() >= 0, failure);
        } catch (StackOverflowError noStack) { // the gatherer has to be told in any case
            return;
        }
    }

    // ---- figures ---------------------------------------------------------------------------------------------------

    public long done() {
        return counters().finished();
    }

    /** Whether the batch has tasks that have not finished and still will. */
    public boolean hasUnfinished() {
        fillLate(); // nobody else may come by
        return end == null && done() < upperBound();
    }

    public int failures() {
        return failures;
    }

    /** How many slots are reserved and not started. */
    public long unstarted() {
        if (end != null) {
            return 0;
        }
        int head = (int) counters().head();
        return unstartedFrom(owner.lowestUnstarted(this, head), head);
    }
}
