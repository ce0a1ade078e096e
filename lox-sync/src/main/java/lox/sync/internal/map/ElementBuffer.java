package lox.sync.internal.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchChain;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.NextStage;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.core.WorkSource;
import lox.sync.internal.result.Unchecked;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: the two ends and the end of one order share its position, to be read in one place.
/**
 * The elements that one map has taken in and not yet given out. Arguments enter at one end, and results leave at the
 * other in the same order.
 *
 * <pre>
 *        taken              claimed                    offered
 *          |                   |                          |
 *   -------+--- DONE, running -+--- FULL, in the queue ---+-------&gt;
 *          |                   |                          |
 *     one taker          lanes' front                 producer
 * </pre>
 *
 * The buffer is a chain of {@linkplain MapSegment segments}, which are batches of a fixed size. A slot is used once, so
 * an index always means one element, and lanes claim, share and interrupt here as in any batch. A segment that has been
 * passed is garbage. What a map holds therefore depends on the elements in flight, not on how far the source may run
 * ahead. The price is some bytes per element, which a ring of slots would save.
 *
 * <p>Any number of threads may call {@link #offer}; one at a time may call the taker's methods. Any thread may call
 * {@link #stop}, which takes effect once: tasks not started are dropped, running tasks are interrupted, and nothing
 * goes in or out any more.
 *
 * @param <A> the type of the arguments
 * @param <R> the type of the results
 */
public final class ReorderBuffer<A extends @Nullable Object, R> implements WorkSource {
    /** Callbacks to the consumer. Called from any thread; must not block. */
    public interface Listener {
        /** Called when a new result may be ready. */
        void settled();

        /** Called when the buffer has been stopped; the {@link #terminalCause} is set. */
        void stopped();

        /** Receives an argument that never started, or a result that no subscriber will take. */
        void discarded(@Nullable Object value);

        /** Receives a failure that no subscriber will receive. */
        void dropped(Throwable failure);
    }

    private static final VarHandle TERMINAL_CAUSE;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TERMINAL_CAUSE = lookup.findVarHandle(ReorderBuffer.class, "terminalCause", Throwable.class);
            TAKEN = lookup.findVarHandle(ReorderBuffer.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher<A, R> dispatcher;
    private final boolean delayError;
    private final Dialect.@Nullable Context context;
    private final Listener listener;
    private final BatchChain segments;
    private final BatchChain.Cursor cursor;
    private final boolean admitted;
    private volatile @Nullable Throwable terminalCause;
    private volatile @Nullable Throwable delayed; // the first failure, for threads other than the taker
    private volatile boolean swept;
    private volatile boolean in; // changed by WorkSources

    // The taker's own, except that any thread may read how many have been taken.
    private long taken;
    private int position;
    private List<Throwable> failures = new ArrayList<>();

    /**
     * Creates an empty buffer.
     *
     * @param delayError whether a task's failure waits until all have been taken, and stops nothing
     * @param context restored around each task that is offered without one, or null
     */
    public ReorderBuffer(
            Dispatcher<A, R> dispatcher, boolean delayError, Dialect.@Nullable Context context, Listener listener) {
        this.dispatcher = dispatcher;
        this.delayError = delayError;
        this.context = context;
        this.listener = listener;
        this.segments = new BatchChain(before -> MapSegment.after(before, dispatcher.owner(), this));
        this.cursor = segments.new Cursor();
        this.admitted = admit();
    }

    private boolean admit() {
        boolean all = dispatcher.pool().ending().admit(this);
        for (NextStage stage = dispatcher.next(); stage != null; stage = stage.next()) {
            all &= stage.pool().ending().admit(this);
        }
        return all;
    }

    private void release() {
        dispatcher.pool().ending().over(this);
        for (NextStage stage = dispatcher.next(); stage != null; stage = stage.next()) {
            stage.pool().ending().over(this);
        }
    }

    // ---- the producer ----------------------------------------------------------------------------------------------

    /**
     * Adds an argument. If the buffer is stopped by then, the argument is discarded. Throws only if the argument was
     * not added.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the Workers are closed, or were shut down before the
     *     map began
     */
    public void offer(A argument) {
        offer(argument, context);
    }

    /** Adds an argument whose task has a context of its own. */
    public void offer(A argument, Dialect.@Nullable Context context) {
        if (!admitted) {
            dispatcher.submitter().checkAccepting();
        }
        dispatcher.submitter().put(context == null ? argument : new Envelope(argument, context), this);
    }

    /** The number of arguments added. */
    long offered() {
        Batch open = segments.open();
        return open.ordinal(open.upperBound());
    }

    /** The number of elements taken out: exact for the taker, a snapshot for other threads. */
    long taken() {
        return (long) TAKEN.getOpaque(this);
    }

    // ---- the taker -------------------------------------------------------------------------------------------------

    /** The next result, or null if it is not ready. */
    @Nullable
    public R poll() {
        Slots.Chunk chunk = next();
        if (chunk == null) {
            return null;
        }
        Object result = chunk.value(position);
        chunk.forget(position);
        advance();
        return Unchecked.cast(result);
    }

    /** Whether all arguments that were added have been taken out. */
    boolean isPassed() {
        return next() == null && taken == offered();
    }

    /**
     * The chunk whose slot at the position has a result, or null. Puts aside the failures before it if errors are
     * delayed.
     */
    private Slots.@Nullable Chunk next() {
        for (; ; ) {
            Slots.Chunk chunk = head();
            if (chunk == null) {
                return null;
            }
            byte state = chunk.state(position);
            if (state == Slots.DONE) {
                return chunk;
            }
            if (state != Slots.FAILED || !delayError || !chunk.move(position, Slots.FAILED, Slots.REPORTED)) {
                return null;
            }
            Throwable failure = Unchecked.cast(chunk.value(position));
            if (delayed == null) {
                delayed = failure;
            }
            failures.add(failure);
            chunk.forget(position);
            advance();
        }
    }

    /** The chunk that contains the next slot to take, or null while there is none. */
    private Slots.@Nullable Chunk head() {
        if (position == MapSegment.SIZE && cursor.moveOn()) {
            position = 0;
        }
        return position == MapSegment.SIZE ? null : cursor.batch().slots().chunk(position);
    }

    private void advance() {
        position++;
        TAKEN.setOpaque(this, taken + 1);
    }

    /** Whether a poll would find a result or a failure. */
    public boolean isReady() {
        Slots.Chunk chunk = head();
        byte state = chunk == null ? Slots.EMPTY : chunk.state(position);
        return state == Slots.DONE || state == Slots.FAILED;
    }

    /** The failures that a map with delayed errors has met so far. The taker owns the list from now on. */
    List<Throwable> takeFailures() {
        List<Throwable> met = failures;
        failures = new ArrayList<>();
        return met;
    }

    /** The segment that will hold the next result. */
    Batch segment() {
        return cursor.batch();
    }

    /** Gives out no more results: those that are ready, and those that follow, are discarded. */
    void sweep() {
        swept = true;
        VarHandle.fullFence();
        int from = position;
        for (Batch segment : cursor) {
            for (int i = from; i < segment.upperBound(); i++) {
                ((MapSegment) segment).discardResult(i);
            }
            from = 0;
        }
        dispatcher.sources().remove(this);
        release();
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Stops the buffer. False if it was stopped before. */
    @Override
    public boolean stop(Throwable reason) {
        if (!TERMINAL_CAUSE.compareAndSet(this, (Throwable) null, reason)) {
            return false;
        }
        for (Batch segment : cursor) {
            segment.abort(reason);
            SlotCleanup.reportFailures(segment); // a segment whose tasks have all run does not report them itself
        }
        listener.stopped();
        return true;
    }

    /**
     * Stops the buffer if an argument has a place and could not be stored there, for want of stack or memory: no result
     * will follow.
     */
    void stopIfBroken() {
        Throwable broken = segments.open().broken;
        if (broken != null) {
            stop(broken);
        }
    }

    /** The reason for the stop, or null. */
    @Nullable
    Throwable terminalCause() {
        return terminalCause;
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    void settled(MapSegment segment, int index) {
        listener.settled();
        if (swept) { // read after the fence in the caller of settled()
            segment.discardResult(index);
        }
    }

    void failed(MapSegment segment, int index, Throwable failure) {
        if (!delayError && stop(failure)) {
            return;
        }
        if (terminalCause != null) {
            SlotCleanup.report(segment, index);
        }
    }

    NullPointerException nullResult(Batch segment, int index) {
        return new NullPointerException("element " + segment.ordinal(index) + " of a map by \"" + dispatcher.name()
                + "\" has null for its result, which a stream cannot carry");
    }

    /** The first failure that waits for the end, or null. Any thread may ask. */
    @Nullable
    Throwable delayedFailure() {
        return delayed;
    }

    /** The number of arguments added and not started. */
    @Override
    public long unstarted() {
        long unstarted = 0;
        for (Batch segment : segments) {
            unstarted += segment.unstarted();
        }
        return unstarted;
    }

    Listener listener() {
        return listener;
    }

    @Override
    public BatchChain batches() {
        return segments;
    }

    @Override
    public boolean isCounted() {
        return true;
    }

    @Override
    public void placed(Batch segment, int index) {
        if (segment.isEnded()) {
            SlotCleanup.dropIfFull(segment, index);
            return;
        }
        try {
            dispatcher.sources().add(this);
            dispatcher.lanes().launchIfLacking();
        } catch (Throwable broken) { // no memory to start a lane: the element could lie here forever
            stop(broken);
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
}
