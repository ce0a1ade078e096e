package lox.sync.internal.core;

import lox.sync.internal.pool.CallingThread;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.slot.Slots;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * One task of a function that does not block, begun by the thread that has stored it, in a place that it has taken. If
 * the call ends while it is made, the task has ended without a lane. If not, a lane adopts it in the same place.
 *
 * <pre>
 *                  claimed, called, subscribed            ended meanwhile
 *   (slot FULL) -----------------------------&gt; BEGUN -------------------&gt; DONE or FAILED, the place is free
 *        |                                       |
 *        | a lane was faster                     +-- not yet --&gt; a lane, counted as busy, adopts it and keeps the place
 *        v
 *   nothing is done here; a lane is started if one is lacking
 * </pre>
 *
 * <p><b>Invariants.</b> It is not counted in {@link LaneCount}: no thread relies on it to look for work. The place
 * bounds the calls. A thread that finds no free place meanwhile queues a lane, which the place runs when it becomes
 * free. It moves the head over its own slot only, and looks <em>afterwards</em> whether something lies behind that: a
 * lane that looked before could not see past the slot, and left. A batch that ends while the call is made does not find
 * the call; the lane that adopts it looks <em>afterwards</em> whether the batch has ended.
 */
public final class ImmediateCall extends PoolJob implements AsyncCall.Receiver {
    /** The lanes of the function. */
    interface Owner {
        LaneSettings settings();

        /** Stores what immediate calls give. */
        TaskRunner plain();

        /** Goes on with a call that has not ended, in its place. Returns false if a lane keeps that. */
        boolean adopt(ImmediateCall begun);

        void launchIfLacking();

        /** Starts a lane if something may lie behind a slot that was claimed without looking for work. */
        void launchForWhatFollows(Batch batch, int index);

        /** Whether a task has been interrupted: the given one, or one that waits for it deeper in the stack. */
        boolean isInterrupted(@Nullable PoolJob task);
    }

    private final Owner owner;
    private final Batch batch;
    private final int index;
    private @Nullable AsyncCall call; // null if the result was there

    /** Makes the call for a slot that has been filled. */
    ImmediateCall(Owner owner, Batch batch, int index) {
        super(owner.settings().pool());
        this.owner = owner;
        this.batch = batch;
        this.index = index;
    }

    /** The batch of the task. */
    public Batch batch() {
        return batch;
    }

    /** The slot of the task. */
    public int index() {
        return index;
    }

    /** The call to be adopted, which had not ended. */
    public AsyncCall call() {
        if (call == null) {
            throw new IllegalStateException("there is no call");
        }
        return call;
    }

    /** Stops the call and ends the batch, because the engine itself has failed. */
    void abort(Throwable broken) {
        batch.abort(broken);
        call().stop(broken);
    }

    // ---- its thread ------------------------------------------------------------------------------------------------

    @Override
    public void run() {
        owner.settings().pool().runInTakenPlace(this);
    }

    @Override
    public void refuse(Throwable reason) {
        owner.launchIfLacking(); // the slot is full
    }

    @Override
    public boolean runInPlace() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        boolean claimed = false;
        boolean underWay = false;
        @Nullable Object[] cell = enterThread();
        try {
            claimed = batch.counters().moveHead(index, index + 1L) == index;
            underWay = claimed && batch.start(index) && !ends(batch.slots().filledChunk(index));
        } catch (Throwable broken) { // no memory, no stack for the engine itself
            batch.abort(broken);
            owner.settings().dialect().drop(broken);
        } finally {
            restore(owner, leaveThread(cell), loader);
        }
        if (underWay) {
            return owner.adopt(this);
        }
        if (claimed) {
            owner.launchForWhatFollows(batch, index);
        } else {
            owner.launchIfLacking();
        }
        return true;
    }

    /** Leaves the calling thread as it was before a job in it that has ended. */
    static void restore(Owner owner, @Nullable PoolJob outer, ClassLoader loader) {
        Thread thread = Thread.currentThread();
        CallingThread.clearInterrupt(); // set by the function, or by a subscriber
        if (owner.isInterrupted(outer)) { // its interrupt may have been cleared here
            thread.interrupt();
        }
        if (thread.getContextClassLoader() != loader) {
            thread.setContextClassLoader(loader);
        }
    }

    // ---- the task --------------------------------------------------------------------------------------------------

    /** Begins the task. Returns whether it has ended. */
    private boolean ends(Slots.Chunk chunk) {
        LaneSettings settings = owner.settings();
        settings.limiter().leave();
        Object content = chunk.value(index);
        if (batch.isEnded()) {
            SlotCleanup.drop(batch, chunk, index, content, settings.observer());
            return true;
        }
        Object value = null;
        Throwable failure = null;
        try {
            value = begin(settings, content);
        } catch (Throwable thrown) {
            failure = thrown;
        }
        AsyncCall begun = call;
        if (begun != null) {
            if (failure != null && !begun.broken(failure)) {
                settings.dialect().drop(failure);
            }
            if (!begun.isEnded()) {
                return false;
            }
            value = begun.value();
            failure = begun.failure();
        }
        settle(chunk, content, value, failure);
        return true;
    }

    /** Calls the function in the context of the scatter, and subscribes to what it returns. */
    private @Nullable Object begin(LaneSettings settings, @Nullable Object content) throws Exception {
        Dialect.Context context = Envelope.contextIn(content);
        Runnable former = context == null ? null : context.restore();
        try {
            if (content instanceof CalledEnvelope called) {
                call = called.begun();
                return call == null ? called.value() : AsyncCall.PENDING;
            }
            Object returned = TaskRunner.apply(settings.work(), Envelope.argumentIn(content));
            Object value =
                    returned == null ? AsyncCall.PENDING : settings.dialect().valueOf(returned);
            if (value == AsyncCall.PENDING) {
                AsyncCall begun = settings.dialect().asyncCall(this, batch, context);
                call = begun;
                if (batch.isEnded()) { // by the function
                    begun.stop(InterruptEcho.cancelled());
                }
                begun.start(returned);
            }
            return value;
        } finally {
            if (former != null) {
                former.run();
            }
        }
    }

    private void settle(
            Slots.Chunk chunk, @Nullable Object content, @Nullable Object value, @Nullable Throwable failure) {
        owner.plain().settle(batch, index, chunk, content, value, failure);
        if (batch.isStreamed()) {
            CallingThread.clearInterrupt();
            batch.settled(index);
        }
        batch.finished(1);
    }

    // ---- the call, until a lane adopts it --------------------------------------------------------------------------

    @Override
    public boolean hasRoom() {
        return owner.settings().pool().hasRoomToResume();
    }

    @Override
    public void resume(boolean here) {
        throw new IllegalStateException("only a lane leaves a call");
    }
}
