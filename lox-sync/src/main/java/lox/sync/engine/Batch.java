package lox.sync.engine;

import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedByInterruptException;
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
 * Three counters drive it, each on a cache line of its own: <em>tail</em>, the next index to hand out; <em>head</em>, the first
 * slot no lane has claimed; <em>finished</em>, how many tasks have run.
 *
 * <p><b>Invariants.</b> head ≤ tail. The head moves over full slots only, so a lane never waits for a producer that was
 * suspended between taking an index and filling its slot. The size is fixed when the batch is sealed, from the very addition to
 * the tail that seals it: a producer either got its index before, and is counted, or sees the seal and goes to the next batch.
 * The end is set once, by compare-and-set, and who sets it reports it.
 */
final class Batch {
    private static final Object COMPLETE = "complete";
    private static final long SEALED = 1L << 62;

    // Counters, sixteen longs apart: two cache lines, because processors prefetch neighbours in pairs.
    private static final int TAIL = 16;
    private static final int HEAD = 32;
    private static final int FINISHED = 48;
    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

    private static final VarHandle GATHERING;
    private static final VarHandle END;
    private static final VarHandle NEXT;
    private static final VarHandle FIRST_FAILURE;
    private static final VarHandle FAILURES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            GATHERING = lookup.findVarHandle(Batch.class, "gathering", Gathering.class);
            END = lookup.findVarHandle(Batch.class, "end", Object.class);
            NEXT = lookup.findVarHandle(Batch.class, "next", Batch.class);
            FIRST_FAILURE = lookup.findVarHandle(Batch.class, "firstFailure", FirstFailure.class);
            FAILURES = lookup.findVarHandle(Batch.class, "failures", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record FirstFailure(int index, Throwable failure) {}

    private final long[] counters = new long[64];
    private final Slots slots = new Slots();
    private final Dispatcher<?, ?> dispatcher;

    private volatile int size = -1;
    private volatile @Nullable Gathering<?> gathering;
    private volatile @Nullable Object end;
    private volatile @Nullable Batch next;
    private volatile @Nullable FirstFailure firstFailure;

    @SuppressWarnings("unused") // through FAILURES
    private volatile int failures;

    Batch(Dispatcher<?, ?> dispatcher) {
        this.dispatcher = dispatcher;
    }

    Slots slots() {
        return slots;
    }

    // ---- producers -------------------------------------------------------------------------------------------------

    /** Takes the next index. Returns -1 if the batch is sealed: the next one is the place to go. */
    int reserve() {
        long index = (long) COUNTER.getAndAdd(counters, TAIL, 1L);
        if (index >= dispatcher.capacity()) {
            if ((index & SEALED) != 0) {
                return -1;
            }
            throw new IllegalStateException("more than " + dispatcher.capacity() + " scatters in one batch of \""
                    + dispatcher.name() + "\": gather before you scatter more");
        }
        return (int) index;
    }

    /** Fills a reserved slot: from here on a lane may run it. */
    void fill(int index, @Nullable Object argument) {
        slots.chunkForStore(index).fill(Slots.offset(index), argument);
    }

    /** Marks a reserved slot as started, for a caller that runs it itself. */
    void fillStarted(int index) {
        slots.chunkForStore(index).finish(Slots.offset(index), null, Slots.CLAIMED);
    }

    /** The batch after this one, made if it is not there. */
    Batch next() {
        Batch after = next;
        if (after == null) {
            Batch made = new Batch(dispatcher);
            Batch witness = (Batch) NEXT.compareAndExchange(this, (Batch) null, made);
            after = witness != null ? witness : made;
        }
        return after;
    }

    // ---- lanes -----------------------------------------------------------------------------------------------------

    /** Claims up to {@code most} full slots at the head for a lane and opens its window over them. Returns how many. */
    int claim(Window window, int most) {
        long head = (long) COUNTER.getVolatile(counters, HEAD);
        for (; ; ) {
            int first = (int) head;
            int count = 0;
            while (count < most && first + count >= 0 && slots.state(first + count) == Slots.FULL) {
                count++;
            }
            long now;
            if (count > 0) {
                window.open(this, first, first + count);
                now = (long) COUNTER.compareAndExchange(counters, HEAD, head, head + count);
                if (now == head) {
                    return count;
                }
            } else {
                now = (long) COUNTER.getVolatile(counters, HEAD);
                if (now == head) {
                    return 0;
                }
            }
            head = now;
        }
    }

    /** Whether a claim would find something. */
    boolean hasUnclaimed() {
        long head = (long) COUNTER.getVolatile(counters, HEAD);
        return head < dispatcher.capacity() && slots.state((int) head) == Slots.FULL;
    }

    /** Whether at least so many slots are full and unclaimed, roughly. */
    boolean hasBacklog(int slotsBehind) {
        long last = (long) COUNTER.getVolatile(counters, HEAD) + slotsBehind;
        return last < dispatcher.capacity() && slots.state((int) last) == Slots.FULL;
    }

    /** Whether a producer has taken an index of this sealed batch and not filled its slot yet. */
    boolean hasUnfilled() {
        long head = (long) COUNTER.getVolatile(counters, HEAD);
        return head < size && slots.state((int) head) == Slots.EMPTY;
    }

    /** Whether a lane has claimed the slot and nobody has started it. */
    boolean isClaimedButUnstarted(int index) {
        return index < (long) COUNTER.getVolatile(counters, HEAD) && slots.state(index) == Slots.FULL;
    }

    /** Takes a full slot for good. Who gets true runs it or drops it. */
    boolean start(int index) {
        return slots.filledChunk(index).move(Slots.offset(index), Slots.FULL, Slots.CLAIMED);
    }

    /** Whether no lane will find anything here any more. */
    boolean isOver() {
        int all = size;
        return all >= 0 && (end != null || (long) COUNTER.getVolatile(counters, HEAD) >= all);
    }

    /** The batch after this one, or null where nobody has needed it yet. */
    @Nullable
    Batch nextIfAny() {
        return next;
    }

    /** Counts tasks that have run, after their slots tell of it. Completes the batch if they were the last. */
    void finished(int tasks) {
        long done = (long) COUNTER.getAndAdd(counters, FINISHED, (long) tasks) + tasks;
        if (size >= 0) {
            progressed(done);
        }
    }

    private void progressed(long done) {
        Gathering<?> gather = gathering;
        if (gather == null) {
            throw new IllegalStateException("sealed without a gathering");
        }
        if (gather.progress() != null) {
            gather.progress().report(); // completes the batch after the last update
        } else if (done == size) {
            complete();
        }
    }

    /** Notes a failure that has just been stored in its slot. */
    void failed(int index, Throwable failure) {
        FAILURES.getAndAdd(this, 1);
        FIRST_FAILURE.compareAndSet(this, (FirstFailure) null, new FirstFailure(index, failure));
        if (end != null) {
            report(index);
        } else {
            failFast();
        }
    }

    /** Whether a failure is but the echo of the interrupt that ended this batch. */
    boolean isEchoOfInterrupt(Throwable failure) {
        return end != null
                && (failure instanceof InterruptedException
                        || failure instanceof ClosedByInterruptException
                        || failure.getClass() == InterruptedIOException.class); // its subclasses are timeouts
    }

    // ---- gathering -------------------------------------------------------------------------------------------------

    /** Fixes the size. False if another gather was first. */
    boolean seal(Gathering<?> gather) {
        if (!GATHERING.compareAndSet(this, (Gathering<?>) null, gather)) {
            return false;
        }
        long reserved = (long) COUNTER.getAndBitwiseOr(counters, TAIL, SEALED);
        size = (int) Math.min(reserved, dispatcher.capacity());
        next();
        return true;
    }

    /** Draws the consequences of the seal, which tasks that finished before could not: call it once, after sealing. */
    void sealed() {
        Object ended = end;
        if (ended != null) {
            publish(ended);
            return;
        }
        failFast();
        progressed((long) COUNTER.getVolatile(counters, FINISHED));
    }

    private void failFast() {
        FirstFailure first = firstFailure;
        Gathering<?> gather = gathering;
        if (first != null && size >= 0 && gather != null && gather.failsFast()) {
            end(first.failure);
        }
    }

    /** All tasks have run. */
    void complete() {
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

    private void end(Object verdict) {
        if (!END.compareAndSet(this, (Object) null, verdict)) {
            return;
        }
        if (verdict != COMPLETE) {
            dispatcher.interrupt(this);
            dropUnstarted();
            reportFailures();
        }
        dispatcher.front(); // lets go of this batch
        if (size >= 0) {
            publish(verdict);
        }
    }

    private void publish(Object verdict) {
        Gathering<?> gather = gathering;
        if (gather != null) {
            gather.publish(verdict == COMPLETE ? null : (Throwable) verdict);
        }
    }

    /** Whether the batch has ended, well or badly. What has not started by then never will. */
    boolean isEnded() {
        return end != null;
    }

    /** After the end: drops every slot that nobody has started. Whoever fills a slot after the end calls it too. */
    void dropUnstarted() {
        int filled = upperBound();
        for (int i = 0; i < filled; i++) {
            if (slots.state(i) == Slots.FULL && start(i)) {
                dispatcher.leaveGate();
                drop(slots.filledChunk(i), Slots.offset(i));
            }
        }
    }

    /** Drops a slot that the caller has taken: its argument is let go, its listener told. */
    void drop(Slots.Chunk chunk, int offset) {
        Object argument = chunk.value(offset);
        chunk.finish(offset, null, Slots.DROPPED);
        if (argument instanceof Envelope envelope && envelope.completion() != null) {
            envelope.completion().fail(new CancellationException("dropped before it started: its batch has ended"));
        }
    }

    private void reportFailures() {
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
    private void report(int index) {
        Slots.Chunk chunk = slots.filledChunk(index);
        if (chunk.move(Slots.offset(index), Slots.FAILED, Slots.REPORTED)) {
            Throwable failure = (Throwable) chunk.value(Slots.offset(index));
            if (failure != null && failure != end) {
                dispatcher.dialect().drop(failure);
            }
        }
    }

    // ---- figures ---------------------------------------------------------------------------------------------------

    int size() {
        return size;
    }

    long done() {
        return (long) COUNTER.getVolatile(counters, FINISHED);
    }

    int failures() {
        return failures;
    }

    /** How many slots are handed out and not claimed by any lane. */
    int unclaimed() {
        return end != null ? 0 : Math.max(0, upperBound() - (int) (long) COUNTER.getVolatile(counters, HEAD));
    }

    private int upperBound() {
        int all = size;
        return all >= 0
                ? all
                : (int) Math.min((long) COUNTER.getVolatile(counters, TAIL) & ~SEALED, dispatcher.capacity());
    }
}
