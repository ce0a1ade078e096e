package lox.sync.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One call of a function that does not block: from the moment the function is called to the end of what it has
 * returned, a publisher or a stage. The adapters subscribe, and tell the end; the lane that made the call leaves its
 * thread meanwhile.
 *
 * <pre>
 *              the lane leaves its thread            ended or stopped
 *   STARTED ------------------------------&gt; LEFT ------------------------&gt; ENDED   the lane is resumed
 *      |             ended or stopped
 *      +-----------------------------------------------------------------&gt; ENDED   the lane finds it, and goes on
 * </pre>
 *
 * <p><b>Invariants.</b> A call ends once: the first of a value, a failure and a {@link #stop} wins, by
 * compare-and-set, and the others are told that they have lost. Exactly one thread goes on as the lane: the one that
 * made the call, if its {@link #leave} fails, or the one that ended it.
 *
 * <p>Safe for use from many threads.
 */
public abstract class AsyncCall {
    /** Stands for a result that is not there yet. */
    public static final Object PENDING = "pending";

    private static final int STARTED = 0;
    private static final int LEFT = 1;
    private static final int ENDED = 2;

    private static final VarHandle WON;
    private static final VarHandle STATE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WON = lookup.findVarHandle(AsyncCall.class, "won", boolean.class);
            STATE = lookup.findVarHandle(AsyncCall.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What waits for calls to end: one lane. */
    public interface Receiver {
        /**
         * Called before a call ends in another thread than the one that makes it.
         *
         * @return whether the calling thread has the stack that it takes to go on there
         * @throws StackOverflowError if it has not even enough to let another thread do so
         */
        default boolean hasRoom() {
            return true;
        }

        /**
         * Goes on after a call that its lane has left.
         *
         * @param here whether to do so on the calling thread, which has ended the call, or on one of lox's own, since
         *     the calling thread has stopped the call and has other things to do, or has too little stack left
         */
        void resume(boolean here);
    }

    private Receiver receiver; // this and the next one: of the lane, once it has adopted the call
    private Object batch;
    private @Nullable Thread maker; // while it subscribes
    private volatile boolean won; // through WON as well
    private volatile int state; // through STATE as well
    private @Nullable Object value; // both published by the state
    private @Nullable Throwable failure;

    /**
     * Makes a call that has not ended.
     *
     * @param receiver is resumed if it has left
     * @param batch what the call is made for, or who makes it
     */
    protected AsyncCall(Receiver receiver, Object batch) {
        this.receiver = receiver;
        this.batch = batch;
    }

    // ---- for the adapter -------------------------------------------------------------------------------------------

    /**
     * Subscribes to what the function has returned. What it throws ends the call.
     *
     * @param returned not null
     */
    protected abstract void subscribe(Object returned);

    /**
     * Called instead of {@link #subscribe} if the call has been stopped by then: what was returned may be under way
     * without a subscriber. Its end counts, as that of a cancel does.
     *
     * @param returned not null
     */
    protected void unwanted(Object returned) {}

    /** Cancels the subscription, or the one to come. Called once at most, and not after the end. */
    protected abstract void cancel();

    /**
     * The types that the function may return.
     *
     * @return their names, for the message if it returns null
     */
    protected abstract String expected();

    /**
     * Ends the call with a result.
     *
     * @param result may be null
     * @return false if it has ended before
     * @throws StackOverflowError if the stack is used up; then the call has not ended
     */
    protected final boolean succeed(@Nullable Object result) {
        boolean here = hasRoom();
        if (!win()) {
            return false;
        }
        value = result;
        end(here);
        return true;
    }

    /**
     * Ends the call with a failure.
     *
     * @param thrown what went wrong; null, by which a publisher breaks the rules, is a {@link NullPointerException}
     * @return false if it has ended before; then nobody learns of the failure
     * @throws StackOverflowError if the stack is used up; then the call has not ended
     */
    protected final boolean fail(@Nullable Throwable thrown) {
        boolean here = hasRoom();
        return fail(thrown == null ? nullFailure() : thrown, here);
    }

    /** Null means that there is no failure, and would make a success of the call. */
    private Throwable nullFailure() {
        return new NullPointerException("the " + expected() + " signalled null instead of its failure");
    }

    private boolean fail(Throwable thrown, boolean here) {
        if (!win()) {
            return false;
        }
        failure = thrown;
        end(here);
        return true;
    }

    /**
     * Whether the call has ended, or is about to.
     *
     * @return true from then on
     */
    protected final boolean isOver() {
        return won;
    }

    // ---- for the engine --------------------------------------------------------------------------------------------

    /**
     * Subscribes to what the function has returned, unless the call has been stopped.
     *
     * @param returned what the function has returned
     * @throws NullPointerException if that is null
     */
    public final void start(@Nullable Object returned) {
        if (returned == null) {
            throw new NullPointerException("the function returned null instead of a " + expected());
        }
        maker = Thread.currentThread();
        try {
            if (won) {
                unwanted(returned);
            } else {
                subscribe(returned);
            }
        } finally {
            maker = null; // from now on it may end the call as any other thread
        }
    }

    /**
     * Lets a lane go on with a call that another one has made, or nobody so far. For the one thread that has the call;
     * the lane leaves it afterwards, by which others see who it is.
     *
     * @param lane is resumed instead
     * @param home what the call is made for
     */
    public final void adoptedBy(Receiver lane, Object home) {
        receiver = lane;
        batch = home;
    }

    /**
     * Ends the call because the function, or the subscription, has thrown.
     *
     * @param thrown what was thrown
     * @return false if the call has ended before; then nobody learns of the failure
     */
    public final boolean broken(Throwable thrown) {
        return fail(thrown, true);
    }

    /**
     * Ends the call from outside: cancels its subscription. The lane goes on when that is done, elsewhere.
     *
     * @param reason what the call fails with
     */
    public final void stop(Throwable reason) {
        if (win()) {
            failure = reason;
            try {
                cancel();
            } finally {
                end(false);
            }
        }
    }

    /** The thread that makes the call does not go on inside of it, and so needs no room. */
    private boolean hasRoom() {
        return (state == STARTED && Thread.currentThread() == maker) || receiver.hasRoom();
    }

    private boolean win() {
        return !won && WON.compareAndSet(this, false, true);
    }

    private void end(boolean here) {
        if ((int) STATE.getAndSet(this, ENDED) == LEFT) {
            receiver.resume(here);
        }
    }

    /**
     * Lets the lane leave its thread. It must do nothing more afterwards: it may have been resumed.
     *
     * @return false if the call has ended, so that the calling thread goes on as the lane
     */
    public final boolean leave() {
        return STATE.compareAndSet(this, STARTED, LEFT);
    }

    /**
     * Whether the call has ended: what it gave can be read.
     *
     * @return true from then on
     */
    public final boolean isEnded() {
        return state == ENDED;
    }

    /**
     * What the call is made for.
     *
     * @return as given to the constructor, or by the lane that has adopted it
     */
    public final Object batch() {
        return batch;
    }

    /**
     * The result, after the end.
     *
     * @return null if there is none, or if the call has failed
     */
    public final @Nullable Object value() {
        return value;
    }

    /**
     * The failure, after the end.
     *
     * @return null if there is none
     */
    public final @Nullable Throwable failure() {
        return failure;
    }
}
