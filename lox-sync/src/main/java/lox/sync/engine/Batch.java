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
 * <p><b>Invariants.</b> The head moves over full slots only, so a lane never waits for a producer that was
 * suspended between taking an index and filling its slot. The size is fixed when the batch is sealed, from the very addition to
 * the tail that seals it: a producer either got its index before, and is counted, or sees the seal and goes to the next batch.
 * The end is set once, by compare-and-set, and who sets it reports it.
 */
class Batch {
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

    private final Counters counters = new Counters();
    private final Slots slots = new Slots();
    private final Dispatcher<?, ?> dispatcher;
    private final int capacity;

    private volatile int size = -1;
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
        this.dispatcher = dispatcher;
        this.capacity = capacity;
    }

    /** One whose size is fixed from the beginning, and that nobody gathers. */
    Batch(Dispatcher<?, ?> dispatcher, int capacity, int size) {
        this(dispatcher, capacity);
        this.size = size;
    }

    Slots slots() {
        return slots;
    }

    /** Somebody has asked for the results one by one. */
    void streamTo(ResultStream<?> results) {
        stream = results;
    }

    // ---- producers -------------------------------------------------------------------------------------------------

    /** Takes the next index. Returns -1 if the batch is sealed: the next one is the place to go. */
    int reserve() {
        long index = counters.reserve();
        if (index >= capacity) {
            if (Counters.isSealed(index) || size >= 0) {
                return -1;
            }
            throw new IllegalStateException("more than " + capacity + " scatters in one batch of \"" + dispatcher.name()
                    + "\": gather before you scatter more");
        }
        return (int) index;
    }

    /** Fills a reserved slot: from here on a lane may run it. */
    void fill(int index, @Nullable Object argument) {
        slots.chunkForStore(index).fill(Slots.offset(index), argument);
    }

    /** Fills a reserved slot as started, for a caller that runs it itself. */
    void fillStarted(int index, @Nullable Object argument) {
        slots.chunkForStore(index).finish(Slots.offset(index), argument, Slots.CLAIMED);
    }

    // ---- lanes -----------------------------------------------------------------------------------------------------

    /** Claims up to {@code most} full slots at the head for a lane and opens its window over them. Returns how many. */
    int claim(Window window, int most) {
        long head = counters.head();
        for (; ; ) {
            int first = (int) head;
            int count = 0;
            while (count < most && head + count < capacity && slots.state(first + count) == Slots.FULL) {
                count++;
            }
            long now;
            if (count > 0) {
                window.open(this, first, first + count);
                now = counters.moveHead(head, head + count);
                if (now == head) {
                    return count;
                }
            } else {
                now = counters.head();
                if (now == head) {
                    return 0;
                }
            }
            head = now;
        }
    }

    /** Whether a claim would find something. */
    boolean hasUnclaimed() {
        long head = counters.head();
        return head < capacity && slots.state((int) head) == Slots.FULL;
    }

    /** Whether at least so many slots are full and unclaimed, roughly. */
    boolean hasBacklog(int slotsBehind) {
        long last = counters.head() + slotsBehind;
        return last < capacity && slots.state((int) last) == Slots.FULL;
    }

    /** Whether no more slots will be filled than have indices now. */
    boolean isSealed() {
        return size >= 0;
    }

    /** Whether slots of this sealed batch are unclaimed: full ones, or such as a producer is about to fill. */
    boolean isIncomplete() {
        return counters.head() < upperBound();
    }

    /** The given end of a run, or the head if that is nearer: below it every slot has been claimed by some lane. */
    int claimedUpTo(int end) {
        return (int) Math.min(end, counters.head());
    }

    /** Takes a full slot for good. Who gets true runs it or drops it. */
    boolean start(int index) {
        return slots.filledChunk(index).move(Slots.offset(index), Slots.FULL, Slots.CLAIMED);
    }

    /** Whether no lane will find anything here any more. */
    boolean isOver() {
        int all = size;
        return all >= 0 && (end != null || counters.head() >= all);
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
        long done = counters.finish(tasks);
        if (size >= 0) {
            progressed(done);
        }
    }

    private void progressed(long done) {
        if (progress != null) {
            progress.report(); // completes the batch after the last update
        } else if (done == size) {
            complete();
        }
    }

    /** Notes a failure that has just been stored in its slot. */
    void failed(int index, Throwable failure) {
        count(failure);
        if (end != null) {
            report(index);
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
        long reserved = counters.seal();
        size = (int) Math.min(reserved, capacity);
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
            progressed(counters.finished());
        }
        dispatcher.lanes().launchForMore();
    }

    private void failFast() {
        Throwable first = firstFailure;
        Gathering<?> gather = gathering;
        if (first != null && size >= 0 && gather != null && gather.failsFast()) {
            end(first);
        }
    }

    /** All tasks have run. One that failed before the seal counts now, if the sealer has not come to it yet. */
    void complete() {
        failFast();
        end(COMPLETE);
    }

    /** Whether everything scattered so far has run. */
    boolean isIdle() {
        return counters.finished() == counters.reserved();
    }

    /** Drops what has not started and interrupts what runs. */
    void cancel(String reason) {
        end(new CancellationException(reason));
    }

    /** Ends it because a scatter could not be stored or run at all. */
    void abort(Throwable failure) {
        end(failure);
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
                dispatcher.lanes().interrupt(this);
                dropUnstarted();
                dropPassedOn();
                reportFailures();
            }
        } finally {
            dispatcher.lanes().launchForMore(); // which lets go of this batch, too
            if (size >= 0) {
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

    /** Whether the batch has ended, well or badly. What has not started by then never will. */
    boolean isEnded() {
        return end != null;
    }

    private void dropUnstarted() {
        int filled = upperBound();
        for (int i = 0; i < filled; i++) {
            dropIfFull(i);
        }
    }

    private void dropPassedOn() {
        Stage next = dispatcher.next();
        if (next != null) {
            next.drop(this);
        }
    }

    /** Drops a slot that was filled after the end, when the others had been dropped. */
    void dropIfFull(int index) {
        if (slots.state(index) == Slots.FULL && start(index)) {
            Slots.Chunk chunk = slots.filledChunk(index);
            Object content = chunk.value(Slots.offset(index));
            if (content != Relay.GONE) {
                dispatcher.leaveGate();
            }
            drop(chunk, Slots.offset(index), content);
        }
    }

    /** Drops a slot that the caller has taken: its content is let go, its listener told. */
    void drop(Slots.Chunk chunk, int offset, @Nullable Object content) {
        chunk.finish(offset, null, Slots.DROPPED);
        if (content instanceof Envelope envelope && envelope.completion() != null) {
            envelope.completion().fail(new CancellationException("dropped before it started: its batch has ended"));
        } else if (content instanceof Relay relay) { // this is a queue, which only ends badly if its pool does
            Object verdict = end;
            relay.home().end(verdict == null ? new CancellationException("dropped on its way") : verdict);
            relay.home().drop(relay.chunk(), Slots.offset(relay.index()), relay.content());
            return;
        }
        discarded(content instanceof Envelope envelope ? envelope.argument() : content);
    }

    /** In the queue between two functions: drops what belongs to a batch that has ended. */
    void dropRelaysOf(Batch home) {
        int filled = upperBound();
        for (int i = 0; i < filled; i++) {
            Slots.Chunk chunk = slots.chunk(i);
            int offset = Slots.offset(i);
            if (chunk != null
                    && chunk.state(offset) == Slots.FULL
                    && chunk.value(offset) instanceof Relay relay
                    && relay.home() == home
                    && start(i)) {
                dispatcher.leaveGate();
                if (i < counters.head()) {
                    chunk.finish(offset, null, Slots.DROPPED);
                    finished(1);
                } else { // the head cannot have come by meanwhile, and has to come by yet
                    chunk.fill(offset, Relay.GONE);
                }
                home.drop(relay.chunk(), Slots.offset(relay.index()), relay.content());
            }
        }
        dispatcher.lanes().launchForMore();
    }

    /** An argument has been dropped before its task started. */
    void discarded(@Nullable Object argument) {}

    /** Takes a failure that nobody will receive. */
    void dropped(Throwable failure) {
        dispatcher.dialect().drop(failure);
    }

    /** Gives every failure that nobody will receive to whoever collects dropped ones. */
    void reportFailures() {
        if (firstFailure != null) {
            int filled = upperBound();
            for (int i = 0; i < filled; i++) {
                if (slots.state(i) == Slots.FAILED) {
                    report(i);
                }
            }
        }
    }

    /** Gives a failure that the gather will not deliver to whoever collects dropped ones, once. */
    final void report(int index) {
        Slots.Chunk chunk = slots.filledChunk(index);
        if (chunk.move(Slots.offset(index), Slots.FAILED, Slots.REPORTED)) {
            Throwable failure = (Throwable) chunk.value(Slots.offset(index));
            if (failure != null && failure != end) {
                dropped(failure);
            }
        }
    }

    // ---- figures ---------------------------------------------------------------------------------------------------

    int size() {
        return size;
    }

    long done() {
        return counters.finished();
    }

    int failures() {
        return failures;
    }

    /** How many slots are handed out and not started. */
    long unstarted() {
        if (end != null) {
            return 0;
        }
        int head = (int) counters.head();
        long unstarted = Math.max(0, upperBound() - head);
        for (int i = dispatcher.lanes().lowestUnstarted(this, head); i < head; i++) {
            unstarted += slots.state(i) == Slots.FULL ? 1 : 0;
        }
        return unstarted;
    }

    /** How many slots are handed out: below it they are filled, or about to be. */
    final int upperBound() {
        int all = size;
        return (int) Math.min(counters.reserved(), all >= 0 ? all : capacity);
    }
}
