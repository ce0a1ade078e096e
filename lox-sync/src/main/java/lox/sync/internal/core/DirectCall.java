package lox.sync.internal.core;

import lox.sync.internal.pool.CallingThread;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.result.StackProbe;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function that does not block for elements of one map, each before it has a slot, while nothing else of the
 * map is under way. An element whose result is there at once needs none: it is emitted as it is. Any other gets a slot
 * afterwards, with what the function has returned, and goes the way of all elements from there:
 * an {@link ImmediateCall} in the same place, unless a lane is faster.
 *
 * <pre>
 *            called in a place              the result is there, and wanted
 *   element ------------------&gt; (returned) ---------------------------------&gt; emitted
 *                                    |
 *                                    +-- not yet, not wanted yet, or failed --&gt; (slot FULL)
 * </pre>
 *
 * <p><b>Invariants.</b> As for an {@link ImmediateCall}, the place bounds the calls, and it is not counted among the
 * lanes. Nothing is subscribed to before the element has a slot; so the end of the map has nothing to cancel here.
 *
 * <p>Used by one thread at a time: the one that the map's source emits on.
 */
public final class DirectCall extends PoolJob {
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
     * @throws java.util.concurrent.RejectedExecutionException if the element got no slot, since the Workers have been
     *     closed meanwhile
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
        Object returned = null;
        Object value = null;
        Throwable thrown = null;
        try {
            Runnable former = context == null ? null : context.restore();
            try {
                returned = TaskRunner.apply(settings.work(), element);
                value = returned == null ? null : settings.dialect().valueOf(returned);
            } finally {
                if (former != null) {
                    former.run();
                }
            }
        } catch (Throwable failure) {
            thrown = failure;
        }
        CallingThread.clearInterrupt(); // set by the function
        missed = value == AsyncCall.PENDING ? missed + 1 : 0;
        return thrown == null && value != null && value != AsyncCall.PENDING && receiver.emit(value)
                ? null
                : receiver.store(new CalledEnvelope(element, context, returned, thrown));
    }
}
