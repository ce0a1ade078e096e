package lox.sync.internal.core;

import lox.sync.internal.pool.CallingThread;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.result.StackProbe;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function that does not block for elements of one map, and subscribes to what it returns, each before it has a
 * slot, while nothing else of the map is under way. An element whose result is there at once needs none: it is emitted
 * as it is. Any other gets a slot afterwards, with the call that has begun, and goes the way of all elements from
 * there: an {@link ImmediateCall} in the same place, unless a lane is faster.
 *
 * <pre>
 *            called, subscribed, in a place     the result is there, and wanted
 *   element -------------------------------&gt; () --------------------------------&gt; emitted
 *                                            |
 *                                            +-- not yet, not wanted yet, or failed --&gt; (slot FULL)
 * </pre>
 *
 * <p><b>Invariants.</b> As for an {@link ImmediateCall}, the place bounds the calls, and it is not counted among the
 * lanes. A map that ends while the call is made does not find the call. It is stopped when it comes into its slot: by
 * the lane that adopts it, or by who drops the slot.
 *
 * <p>Used by one thread at a time: the one that the map's source emits on.
 */
public final class DirectCall extends PoolJob implements AsyncCall.Receiver {
    /** The map. */
    public interface Receiver {
        /** Emits a result, which is not null. Returns false if it has to wait. */
        boolean emit(Object value);

        /**
         * Gives a slot to an element for which the function has been called. Returns the call that goes on with it in
         * the same place; null if a lane does.
         */
        @Nullable
        ImmediateCall store(Envelope called);

        /** Ends the map: an element for which the function has been called got no slot. */
        void refused(Throwable reason);

        /** Receives a result that nobody will receive. */
        void discarded(@Nullable Object result);

        /** Receives a failure that nobody will receive. */
        void dropped(Throwable failure);
    }

    /** So many calls in a row without a result at once: the function returns none that can be read. */
    private static final int MISSES = 64;

    private final ImmediateCall.Owner owner;
    private final LaneSettings settings;
    private final Dialect.@Nullable Context context;
    private final Receiver receiver;
    private final CallingThread.@Nullable Turn turn;
    private @Nullable Object argument; // of the call
    private @Nullable Throwable broken; // the engine's own failure
    private int missed; // calls in a row

    DirectCall(ImmediateCall.Owner owner, Dialect.@Nullable Context context, Receiver receiver) {
        super(owner.settings().pool());
        this.owner = owner;
        this.settings = owner.settings();
        this.context = context;
        this.receiver = receiver;
        this.turn = settings.pool().newTurn();
    }

    /**
     * Calls the function if a place is free, nobody observes tasks, and there may be a result at once. Lets the
     * receiver have what comes of it.
     *
     * @return false if nothing has been done
     * @throws StackOverflowError if the stack is nearly used up; then nothing has been done
     */
    public boolean tryCall(@Nullable Object element) throws Throwable {
        if (missed == MISSES
                || settings.observer().seesTasks()
                || settings.pool().isClosed()) {
            return false;
        }
        StackProbe.checkCall();
        argument = element;
        if (!settings.pool().tryStartHere(this, turn)) {
            argument = null;
            return false;
        }
        Throwable failure = broken;
        if (failure != null) {
            broken = null;
            throw failure;
        }
        return true;
    }

    @Override
    public void run() {
        settings.pool().runInTakenPlace(this);
    }

    @Override
    public void refuse(Throwable reason) {
        broken = reason;
    }

    @Override
    public boolean runInPlace() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Object element = argument;
        argument = null;
        ImmediateCall next = null;
        @Nullable Object[] cell = enterThread();
        try {
            next = call(element);
        } catch (Throwable failure) { // no memory, no stack; the map ends with it
            broken = failure;
        } finally {
            ImmediateCall.restore(owner, leaveThread(cell), loader);
        }
        return next == null || next.runInPlace();
    }

    /** Returns the call that goes on with the element, or null. */
    private @Nullable ImmediateCall call(@Nullable Object element) {
        AsyncCall begun = null;
        Object value = null;
        Throwable thrown = null;
        try {
            Runnable former = context == null ? null : context.restore();
            try {
                Object returned = TaskRunner.apply(settings.work(), element);
                value = returned == null
                        ? AsyncCall.PENDING
                        : settings.dialect().valueOf(returned);
                if (value == AsyncCall.PENDING) {
                    begun = settings.dialect().asyncCall(this, this, context);
                    value = valueOf(begun, returned);
                }
            } finally {
                if (former != null) {
                    former.run();
                }
            }
        } catch (Throwable failure) {
            if (begun == null) {
                thrown = failure;
            } else {
                end(begun, failure);
            }
        }
        CallingThread.clearInterrupt(); // set by the function
        missed = value == AsyncCall.PENDING ? missed + 1 : 0;
        if (thrown == null && value != null && value != AsyncCall.PENDING && receiver.emit(value)) {
            return null;
        }
        CalledEnvelope called = new CalledEnvelope(element, context, begun, value, thrown);
        try {
            return receiver.store(called);
        } catch (Throwable refused) { // closed, or memory is exhausted
            receiver.refused(refused);
            called.drop(receiver::discarded, receiver::dropped);
            return null;
        }
    }

    /** Subscribes. Returns the result if it has come by then. */
    private @Nullable Object valueOf(AsyncCall begun, @Nullable Object returned) {
        try {
            begun.start(returned);
        } catch (Throwable failure) {
            end(begun, failure);
        }
        return begun.isEnded() ? begun.value() : AsyncCall.PENDING;
    }

    private void end(AsyncCall begun, Throwable thrown) {
        if (!begun.broken(thrown)) {
            settings.dialect().drop(thrown);
        }
    }

    // ---- the call, until it has a slot -----------------------------------------------------------------------------

    @Override
    public boolean hasRoom() {
        return settings.pool().hasRoomToResume();
    }

    @Override
    public void resume(boolean here) {
        throw new IllegalStateException("only a lane leaves a call");
    }
}
