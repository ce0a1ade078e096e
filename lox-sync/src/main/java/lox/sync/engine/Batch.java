package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is scattered between one gather and the next.
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
 * <p><b>Invariant.</b> The end is set once, by compare-and-set, and who sets it reports it. What lies in the slots then is
 * {@link Leftovers}.
 */
class Batch extends SlotQueue {
    private static final Object COMPLETE = "complete";

    private static final VarHandle GATHERING;
    private static final VarHandle END;
    private static final VarHandle FIRST_FAILURE;
    private static final VarHandle FAILURES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            GATHERING = lookup.findVarHandle(Batch.class, "gathering", Gathering.class);
            END = lookup.findVarHandle(Batch.class, "end", Object.class);
            FIRST_FAILURE = lookup.findVarHandle(Batch.class, "firstFailure", Throwable.class);
            FAILURES = lookup.findVarHandle(Batch.class, "failures", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher<?, ?> dispatcher;

    private volatile @Nullable Gathering<?> gathering;
    private @Nullable ProgressReport progress; // published by size
    private volatile @Nullable ResultStream<?> stream; // null in most batches
    private volatile @Nullable Object end;
    private volatile @Nullable Throwable firstFailure;

    /**
     * Why it has to end early, to be set before {@link #abort} is called wherever the stack may have been used up, by tasks in the
     * caller's thread that scatter without end: no call succeeds there any more, but a store does. Whoever comes by with a
     * shorter stack, an outer task or the sealer, then ends the batch.
     */
    volatile @Nullable Throwable broken;

    @SuppressWarnings("unused") // through FAILURES
    private volatile int failures;

    Batch(Dispatcher<?, ?> dispatcher, int capacity) {
        this(dispatcher, capacity, -1);
    }

    /** One whose size is fixed from the beginning, and that nobody gathers. */
    Batch(Dispatcher<?, ?> dispatcher, int capacity, int size) {
        super(capacity, size);
        this.dispatcher = dispatcher;
    }

    @Override
    final Batch batch() {
        return this;
    }

    @Override
    final IllegalStateException overflow(int most) {
        return new IllegalStateException("more than " + most + " scatters in one batch of \"" + dispatcher.name()
                + "\": gather before you scatter more");
    }

    final Dispatcher<?, ?> dispatcher() {
        return dispatcher;
    }

    /** Somebody has asked for the results one by one. */
    void streamTo(ResultStream<?> results) {
        stream = results;
    }

    /** Whether no lane will find anything here any more. */
    boolean isOver() {
        int all = size();
        return all >= 0 && (end != null || counters().head() >= all);
    }

    /** Whether somebody wants to be told of each task that has run, by {@link #settled}. */
    boolean isStreamed() {
        return stream != null;
    }

    /**
     * A task has run, and its slot tells of it. Called by the lane that ran it, outside of the batch: what is done here is not
     * interrupted for it.
     */
    void settled(int index) {
        ResultStream<?> results = stream;
        if (results != null) {
            results.settled(index);
        }
    }

    /** A task has returned null: throws where that is a failure. */
    void checkNull(int index) {}

    /** How the slot is called in messages: how many there were before it. */
    long ordinal(int index) {
        return index;
    }

    /** Counts tasks that have run, after their slots tell of it. Completes the batch if they were the last. */
    void finished(int tasks) {
        long done = counters().finish(tasks);
        if (size() >= 0) {
            progressed(done);
        }
    }

    private void progressed(long done) {
        if (progress != null) {
            progress.report(); // completes the batch after the last update
        } else if (done == size()) {
            complete();
        }
    }

    /** Notes a failure that has just been stored in its slot. */
    void failed(int index, Throwable failure) {
        count(failure);
        if (end != null) {
            Leftovers.report(this, index);
        } else {
            failFast();
        }
    }

    final void count(Throwable failure) {
        FAILURES.getAndAdd(this, 1);
        FIRST_FAILURE.compareAndSet(this, (Throwable) null, failure);
    }

    // ---- gathering -------------------------------------------------------------------------------------------------

    /** Fixes the size. False if another gather was first. */
    boolean seal(Gathering<?> gather, @Nullable ProgressSink sink) {
        ProgressReport report = sink == null ? null : new ProgressReport(this, sink, dispatcher.dialect());
        if (!GATHERING.compareAndSet(this, (Gathering<?>) null, gather)) {
            return false;
        }
        progress = report;
        close();
        return true;
    }

    /** Draws the consequences of the seal, which tasks that finished before could not: call it once, after sealing. */
    void sealed() {
        endIfBroken();
        Object ended = end;
        if (ended != null) {
            publish(ended);
        } else {
            failFast();
            progressed(counters().finished());
        }
        dispatcher.lanes().launchForMore();
    }

    private void failFast() {
        Throwable first = firstFailure;
        Gathering<?> gather = gathering;
        if (first != null && size() >= 0 && gather != null && gather.failsFast()) {
            end(first);
        }
    }

    /** All tasks have run. One that failed before the seal counts now, if the sealer has not come to it yet. */
    void complete() {
        failFast();
        end(COMPLETE);
    }

    /** Drops what has not started and interrupts what runs. */
    void cancel(String reason) {
        end(new CancellationException(reason));
    }

    /** Ends it because a scatter could not be stored or run at all. */
    void abort(Throwable failure) {
        end(failure);
    }

    /** Ends it now, or, where there is no stack for that, has somebody else do it. Never throws. */
    void breakOff(Throwable failure) {
        try {
            abort(failure);
        } catch (Throwable noStack) {
            broken = failure; // a store, which needs none
        }
    }

    /** Ends it if somebody who had to ran out of stack: see {@link #broken}. */
    void endIfBroken() {
        Throwable failure = broken;
        if (failure != null && end == null) {
            end(failure);
        }
    }

    private void end(Object verdict) {
        if (!END.compareAndSet(this, (Object) null, verdict)) {
            return;
        }
        try {
            if (verdict != COMPLETE) {
                interrupt();
                Leftovers.dropUnstarted(this);
                releaseSpans();
                Leftovers.reportFailures(this);
            }
        } finally {
            dispatcher.lanes().launchForMore(); // which lets go of this batch, too
            if (size() >= 0) {
                publish(verdict);
            }
        }
    }

    private void publish(Object verdict) {
        publish(verdict == COMPLETE ? null : (Throwable) verdict);
    }

    /** Tells of the end whoever waits for it: null for complete. */
    void publish(@Nullable Throwable failure) {
        Gathering<?> gather = gathering;
        if (gather != null) {
            gather.publish(this, failure);
        }
    }

    private void interrupt() {
        dispatcher.lanes().interrupt(this);
        Stage next = dispatcher.next();
        if (next != null) {
            next.interrupt(this);
        }
    }

    private void releaseSpans() {
        Stage next = dispatcher.next();
        if (next != null) {
            next.release(this);
        }
    }

    /** What passed through a queue that has ended ends with it. */
    void endLike(Batch queue) {
        Object verdict = queue.end;
        end(verdict == null ? new CancellationException("dropped on its way") : verdict);
    }

    /** An argument has been dropped before its task started. */
    void discarded(@Nullable Object argument) {}

    /** Takes a failure that nobody will receive. */
    void dropped(Throwable failure) {
        dispatcher.dialect().drop(failure);
    }

    boolean hasEndedWith(Throwable failure) {
        return failure == end;
    }

    /** Whether the batch has ended, well or badly. What has not started by then never will. */
    boolean isEnded() {
        return end != null;
    }

    // ---- figures ---------------------------------------------------------------------------------------------------

    long done() {
        return counters().finished();
    }

    int failures() {
        return failures;
    }

    /** How many slots are handed out and not started. */
    long unstarted() {
        if (end != null) {
            return 0;
        }
        int head = (int) counters().head();
        return unstartedFrom(dispatcher.lanes().lowestUnstarted(this, head), head);
    }
}
