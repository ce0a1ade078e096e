package lox.sync.internal.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.BatchChain;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.ImmediateCall;
import lox.sync.internal.core.SlotCleanup;
import lox.sync.internal.core.WorkSource;
import lox.sync.internal.observe.ObservedBatch;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: each method says which thread may call it, and what a stop does to it.
/**
 * The elements that one map has taken in and not yet given out. Arguments enter at one end, and results leave at the
 * other, through a {@link ResultTaker}.
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
 * @param <V> the type of the items that leave
 */
public final class ElementBuffer<A extends @Nullable Object, V> implements WorkSource, MapSegment.Owner {
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
    private static final VarHandle PASSED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TERMINAL_CAUSE = lookup.findVarHandle(ElementBuffer.class, "terminalCause", Throwable.class);
            PASSED = lookup.findVarHandle(ElementBuffer.class, "passed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher<A, ?> dispatcher;
    private final MapOptions<A, ?, V> options;
    private final Dialect.@Nullable Context context;
    private final Listener listener;
    private final BatchChain segments;
    private final ResultTaker<V> taker;
    private final @Nullable KeyedIntake<A> keyed;
    private final boolean admitted;
    private volatile @Nullable Throwable terminalCause;
    private volatile boolean swept;
    private volatile @Nullable ObservedBatch told; // null unless somebody wants to know
    private volatile boolean in; // changed by WorkSources
    private boolean storing; // both of the one producer of a map that calls directly
    private @Nullable ImmediateCall stored;
    private long passed; // changed by the one producer of a map that calls directly; any thread may read it

    /**
     * Creates an empty buffer.
     *
     * @param context restored around each task that is offered without one, or null
     */
    public <R extends @Nullable Object> ElementBuffer(
            Dispatcher<A, R> dispatcher,
            MapOptions<A, R, V> options,
            Dialect.@Nullable Context context,
            Listener listener) {
        this.dispatcher = dispatcher;
        this.options = options;
        this.context = context;
        this.listener = listener;
        // Without workers, elements run where they are offered, one after another in any case.
        this.keyed = options.keyOf() == null || dispatcher.pool().isInline()
                ? null
                : new KeyedIntake<>(options.keyOf(), this, dispatcher.submitter(), listener);
        this.segments = new BatchChain(before -> MapSegment.after(before, dispatcher.owner(), this));
        this.taker = options.order() == MapOptions.Order.OF_THE_SOURCE
                ? new OrderedTaker<>(options, segments)
                : new CompletionTaker<>(options, segments);
        this.admitted = dispatcher.pools().register(this);
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
            dispatcher.pools().checkAccepting();
        }
        Object content = context == null ? argument : new Envelope(argument, context);
        if (keyed != null) {
            keyed.offer(argument, content);
        } else {
            dispatcher.submitter().put(content, this);
        }
    }

    /** Whether an argument may be given out without a slot: none has one that is under way. */
    boolean isClear() {
        return admitted && keyed == null && inFlight() == 0;
    }

    /**
     * Adds an argument for which the function has been called, for the producer. Returns the call that goes on with it;
     * null if a lane does, or it has been dropped.
     */
    @Nullable
    ImmediateCall offerCalled(Envelope called) {
        storing = true;
        try {
            dispatcher.submitter().put(called, this);
            return stored;
        } finally {
            storing = false;
            stored = null;
        }
    }

    /** Counts an argument that is given out without a slot. For the producer, while it is the taker. */
    void pass() {
        PASSED.setOpaque(this, passed + 1);
        taker.passed();
    }

    @Override
    public long passed() {
        return (long) PASSED.getOpaque(this);
    }

    /** The number of arguments added. */
    long offered() {
        if (keyed != null) {
            return keyed.accepted();
        }
        Batch open = segments.open();
        return open.ordinal(open.upperBound());
    }

    // ---- the taker -------------------------------------------------------------------------------------------------

    /** Where the results leave. */
    public ResultTaker<V> taker() {
        return taker;
    }

    /** The number of arguments added whose results or failures have not been taken. */
    long inFlight() {
        return offered() - taker.count();
    }

    /** Whether all arguments that were added have been taken out. For the taker. */
    boolean isPassed() {
        return taker.isPassed(offered());
    }

    /** Gives out no more results: those that are ready, and those that follow, are discarded. For the taker. */
    void sweep() {
        swept = true;
        VarHandle.fullFence();
        taker.sweep();
        dispatcher.sources().remove(this);
        dispatcher.pools().unregister(this);
        if (terminalCause == null) {
            tellEnd(null);
        }
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Stops the buffer. False if it was stopped before. */
    @Override
    public boolean stop(Throwable reason) {
        if (!TERMINAL_CAUSE.compareAndSet(this, (Throwable) null, reason)) {
            return false;
        }
        for (Batch segment : taker.unfinished()) {
            segment.abort(reason);
            SlotCleanup.reportFailures(segment); // a segment whose tasks have all run does not report them itself
        }
        if (keyed != null) {
            keyed.clear();
        }
        tellEnd(reason);
        listener.stopped();
        return true;
    }

    private void tellEnd(@Nullable Throwable failure) {
        ObservedBatch known = told;
        if (known != null) {
            known.ended(offered(), failure == null, failure);
        }
    }

    @Override
    public ObservedBatch told() {
        ObservedBatch known = told;
        if (known == null) {
            synchronized (segments) {
                known = told;
                if (known == null) {
                    known = dispatcher.observer().batch();
                    told = known;
                }
            }
        }
        return known;
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

    @Override
    public @Nullable Throwable terminalCause() {
        return terminalCause;
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    @Override
    public void settled(MapSegment segment, int index) {
        taker.settled(segment, index);
        MapSegment.Keyed element = segment.ended(index);
        if (element != null) {
            element.ended();
        }
        listener.settled();
        if (swept) { // read after the fence in the caller of settled()
            segment.discardResult(index);
        }
    }

    @Override
    public void failed(MapSegment segment, int index, Throwable failure) {
        if (options.stopsAtFailures() && stop(failure)) {
            return;
        }
        if (terminalCause != null) {
            SlotCleanup.report(segment, index);
        }
    }

    @Override
    public void completed(MapSegment segment) {
        taker.completed(segment);
    }

    @Override
    public void checkNull(Batch segment, int index) {
        if (!options.carriesNull()) {
            throw new NullPointerException(segment.called(index) + " of a map by \"" + dispatcher.name()
                    + "\" has null for its result, which a stream cannot carry");
        }
    }

    @Override
    public boolean isKeyed() {
        return keyed != null;
    }

    /** For tests: the number of keys that have elements in flight. */
    int keys() {
        return keyed == null ? 0 : keyed.keys();
    }

    /** The number of arguments added and not started. */
    @Override
    public long unstarted() {
        long unstarted = keyed == null ? 0 : keyed.waiting();
        for (Batch segment : segments) {
            unstarted += segment.unstarted();
        }
        return unstarted;
    }

    @Override
    public void discarded(@Nullable Object value) {
        listener.discarded(value);
    }

    @Override
    public void dropped(Throwable failure) {
        listener.dropped(failure);
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
        taker.placed((MapSegment) segment);
        if (segment.isEnded()) {
            SlotCleanup.dropIfFull(segment, index);
            return;
        }
        try {
            dispatcher.sources().add(this);
            if (dispatcher.pool().isClosed()) { // the closing thread may not have seen it
                stop(new CancellationException(dispatcher.pool().closedReason()));
                return;
            }
            if (storing) {
                stored = dispatcher.lanes().nextCall(segment, index, this);
            }
            if (stored == null) {
                dispatcher.lanes().launchFor(segment, index, this);
            }
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
