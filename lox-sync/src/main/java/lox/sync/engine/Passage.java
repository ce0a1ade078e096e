package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one map has taken in and not yet given out: arguments go in at one end, results come out at the other, in the same order.
 *
 * <pre>
 *        taken              claimed                    offered
 *          |                   |                          |
 *   -------+--- DONE, running -+--- FULL, in the queue ---+-------&gt;
 *          |                   |                          |
 *     one taker          lanes' front                 producer
 * </pre>
 *
 * <p>It is a chain of {@linkplain Leg legs}, which are batches of a fixed size: a slot is used once, so an index means one element
 * for ever, and lanes claim, share and interrupt here as they do in any batch. A leg that has been passed is garbage. So what a
 * map holds depends on what is under way, not on how far its source is allowed to run ahead; and the price is some bytes for an
 * element, which a ring of slots would save.
 *
 * <p>{@link #offer} may be called by many threads; the methods for the taker by one at a time. {@link #stop} may be called by any thread,
 * once with effect: what has not started is dropped, what runs is interrupted, and nothing goes in or out any more.
 *
 * @param <A> the type of the arguments
 * @param <R> the type of the results
 */
final class Passage<A extends @Nullable Object, R> {
    /** Who is at the other end. Called from any thread; must not block. */
    interface Listener {
        /** A result may be there that was not. */
        void settled();

        /** It has been stopped: the {@link #verdict} is there. */
        void stopped();

        /** An argument that never started, or a result that nobody will take. */
        void discarded(@Nullable Object value);

        /** A failure that nobody will receive. */
        void dropped(Throwable failure);
    }

    private static final VarHandle VERDICT;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            VERDICT = lookup.findVarHandle(Passage.class, "verdict", Throwable.class);
            TAKEN = lookup.findVarHandle(Passage.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Dispatcher<A, R> dispatcher;
    private final boolean delayError;
    private final Dialect.@Nullable Context context;
    private final Listener listener;
    private final BatchChain legs;
    private final BatchChain.Cursor cursor;
    private volatile @Nullable Throwable verdict;
    private volatile boolean swept;
    private volatile boolean in; // changed by Fronts

    // The taker's own, but for a look at how many have been taken.
    private long taken;
    private int position;
    private List<Throwable> failures = new ArrayList<>();

    /**
     * Makes an empty one.
     *
     * @param delayError whether a task's failure waits until all have been taken, and stops nothing
     * @param context restored around each task, or null
     */
    Passage(Dispatcher<A, R> dispatcher, boolean delayError, Dialect.@Nullable Context context, Listener listener) {
        this.dispatcher = dispatcher;
        this.delayError = delayError;
        this.context = context;
        this.listener = listener;
        this.legs = new BatchChain(before -> Leg.after(before, dispatcher, this));
        this.cursor = legs.new Cursor();
    }

    // ---- the producer ----------------------------------------------------------------------------------------------

    /**
     * Takes an argument in. If it is stopped by then, the argument is discarded. It throws only if it has not taken it in.
     *
     * @throws IllegalStateException if the Workers are closed
     */
    void offer(A argument) {
        dispatcher.intake().put(context == null ? argument : new Envelope(argument, null, context), this);
    }

    /** How many have been taken in. */
    long offered() {
        Batch open = legs.open();
        return open.ordinal(open.upperBound());
    }

    /** How many have been taken out. For the taker exact, for others a snapshot. */
    long taken() {
        return (long) TAKEN.getOpaque(this);
    }

    // ---- the taker -------------------------------------------------------------------------------------------------

    /** The next result, or null if it is not ready. */
    @Nullable
    R poll() {
        Slots.Chunk chunk = next();
        if (chunk == null) {
            return null;
        }
        Object result = chunk.value(position);
        chunk.forget(position);
        advance();
        return Slots.typed(result);
    }

    /** Whether all that was taken in has been taken out. */
    boolean isPassed() {
        return next() == null && taken == offered();
    }

    /** The chunk whose slot at the position has a result, or null. Failures before it are put aside, if they are delayed. */
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
            failures.add(Slots.<Throwable>typed(chunk.value(position)));
            chunk.forget(position);
            advance();
        }
    }

    /** The chunk in which the next slot to take lies, or null while there is none. */
    private Slots.@Nullable Chunk head() {
        if (position == Leg.SIZE && cursor.moveOn()) {
            position = 0;
        }
        return position == Leg.SIZE ? null : cursor.batch().slots().chunk(position);
    }

    private void advance() {
        position++;
        TAKEN.setOpaque(this, taken + 1);
    }

    /** Whether a poll would find something. */
    boolean isReady() {
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

    /** The leg in which the next result will be. */
    Batch leg() {
        return cursor.batch();
    }

    /** No result is given out from now on: those that are there, and those that come, are discarded. */
    void sweep() {
        swept = true;
        VarHandle.fullFence();
        int from = position;
        for (Batch leg : cursor) {
            for (int i = from; i < leg.upperBound(); i++) {
                ((Leg) leg).discardResult(i);
            }
            from = 0;
        }
        dispatcher.fronts().remove(this);
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Stops it. False if it was stopped before. */
    boolean stop(Throwable reason) {
        if (!VERDICT.compareAndSet(this, (Throwable) null, reason)) {
            return false;
        }
        for (Batch leg : cursor) {
            leg.abort(reason);
            Leftovers.reportFailures(leg); // a leg whose tasks have all run does not do it
        }
        listener.stopped();
        return true;
    }

    /** Why it was stopped, or null. */
    @Nullable
    Throwable verdict() {
        return verdict;
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    void settled(Leg leg, int index) {
        listener.settled();
        if (swept) { // read after the fence in settled()
            leg.discardResult(index);
        }
    }

    void failed(Leg leg, int index, Throwable failure) {
        if (!delayError && stop(failure)) {
            return;
        }
        if (verdict != null) {
            Leftovers.report(leg, index);
        }
    }

    NullPointerException nullResult(Batch leg, int index) {
        return new NullPointerException("element " + leg.ordinal(index) + " of a map by \"" + dispatcher.name()
                + "\" has null for its result, which a stream cannot carry");
    }

    /** How many have been taken in and not started. */
    long unstarted() {
        long unstarted = 0;
        for (Batch leg : legs) {
            unstarted += leg.unstarted();
        }
        return unstarted;
    }

    Listener listener() {
        return listener;
    }

    BatchChain legs() {
        return legs;
    }

    boolean isIn() {
        return in;
    }

    void setIn(boolean now) {
        in = now;
    }
}
