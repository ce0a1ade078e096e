package lox.sync.internal.async;

import java.lang.invoke.VarHandle;
import java.util.concurrent.Future;
import lox.sync.event.TaskEnd;
import lox.sync.internal.claim.ClaimedTask;
import lox.sync.internal.claim.ClaimedTasks;
import lox.sync.internal.claim.TaskSource;
import lox.sync.internal.core.Batch;
import lox.sync.internal.core.CalledEnvelope;
import lox.sync.internal.core.DelayedRetries;
import lox.sync.internal.core.Envelope;
import lox.sync.internal.core.ImmediateCall;
import lox.sync.internal.core.InterruptEcho;
import lox.sync.internal.core.InterruptGuard;
import lox.sync.internal.core.LaneSettings;
import lox.sync.internal.core.Lanes;
import lox.sync.internal.core.NextStage;
import lox.sync.internal.core.RangeRunner;
import lox.sync.internal.core.RunSizer;
import lox.sync.internal.core.TaskRunner;
import lox.sync.internal.observe.LaneObserver;
import lox.sync.internal.pool.CallingThread;
import lox.sync.internal.pool.PoolJob;
import lox.sync.internal.slot.Slots;
import lox.sync.internal.time.Timer;
import lox.sync.spi.AsyncCall;
import lox.sync.spi.Dialect;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: the end of a call, whoever ends it, goes through one state.
/**
 * Runs the tasks of a function that does not block, one call at a time. While a call is under way its lane has no
 * thread; so there are as many lanes as calls at once.
 *
 * <pre>
 *              call the function, subscribe            ended, at once or later
 *   (no call) ------------------------------&gt; (call) ---------------------------&gt; DONE, FAILED, or tried again
 *                                                |                                        |
 *                                                +-- not yet: the lane leaves its thread -+
 * </pre>
 *
 * <p><b>Invariant.</b> Of the fields only {@code call} is read by other threads. The others belong to the thread that
 * is the lane, and {@link AsyncCall#leave} hands them to the next one.
 *
 * <p>A result that may have to wait at the queue limit of the next function of a chain is passed on by one of lox's own
 * threads: neither who scatters nor who ends a call is held up by that.
 *
 * <p>A call is never interrupted: a batch that ends, and a timeout, {@linkplain AsyncCall#stop stop} it. The lane shows
 * its call before it checks whether the batch has ended; a thread that ends a batch looks for calls afterwards.
 */
public final class AsyncRunner extends RangeRunner implements AsyncCall.Receiver {
    private final ClaimedTasks tasks;
    private final boolean ofStage;
    private final boolean mayWait; // at the queue limit of the next function
    private @Nullable PoolJob lane; // this runner's, once it has run
    private boolean hops;
    private @Nullable Thread own; // one of lox's, which may wait
    private @Nullable ClaimedTask task; // of the call
    private @Nullable Future<?> timeout;
    private @Nullable LaneObserver observer; // of the call, or of the one that is being made; null if nobody observes
    private int number; // of the call, among those under way
    private volatile @Nullable Throwable overdue; // the failure of a call that takes too long
    private volatile @Nullable AsyncCall call;

    /** Creates the runner of one lane; with another source if the slots hold no tasks of their own. */
    public AsyncRunner(LaneSettings settings, Lanes lanes, InterruptGuard guard, @Nullable TaskSource other) {
        super(settings, guard, true);
        this.tasks = new ClaimedTasks(settings, lanes, claimed(), other);
        this.ofStage = other != null;
        NextStage next = settings.next();
        this.mayWait = next != null && !next.pool().queueLimit().isNone();
    }

    // ---- the lane and its threads ----------------------------------------------------------------------------------

    @Override
    public void begin(@Nullable PoolJob outer) {
        super.begin(outer);
        lane = PoolJob.current();
        if (hops) {
            hops = false;
            own = Thread.currentThread();
        }
    }

    @Override
    public boolean isUnderWay() {
        return call != null;
    }

    @Override
    public boolean leave() {
        AsyncCall now = call;
        if (now == null) {
            return false;
        }
        if (now.isEnded() && !maySettle(now)) {
            hop();
            return true;
        }
        return now.leave();
    }

    @Override
    public boolean hasRoom() {
        return settings().pool().hasRoomToResume();
    }

    @Override
    public void resume(boolean here) {
        AsyncCall ended = call;
        PoolJob left = lane;
        if (ended != null && !maySettle(ended)) {
            hop();
        } else if (left != null) {
            settings().pool().resume(left, here);
        }
    }

    /** Whether the calling thread may pass on what the call has given: it may have to wait for that. */
    private boolean maySettle(AsyncCall ended) {
        return !mayWait || ended.failure() != null || own == Thread.currentThread();
    }

    /** Goes on with the lane, which has left its thread, on one of lox's own that it has to itself. */
    private void hop() {
        PoolJob left = lane;
        own = null;
        hops = true;
        if (left != null) {
            settings().pool().resumeOnOwnThread(left);
        }
    }

    @Override
    public void interrupt(Batch ended) {
        AsyncCall now = call;
        if (now != null && now.batch() == ended) {
            now.stop(InterruptEcho.cancelled());
        }
    }

    // ---- finding work ----------------------------------------------------------------------------------------------

    @Override
    public boolean claimRetry(@Nullable Batch only) {
        DelayedRetries retries = settings().retries();
        return retries != null && !ofStage && claimRetry(retries, only);
    }

    @Override
    public boolean hasLeft() {
        return call != null || claimed().left() > 0; // a call that has ended, a task that was put back
    }

    // ---- running ---------------------------------------------------------------------------------------------------

    @Override
    public int run(RunSizer sizer, int most) {
        ClaimedTask of = task;
        AsyncCall now = call;
        if (of == null || now == null) {
            of = tasks.next(null);
            if (of == null) {
                return 0;
            }
            workFor(of.home());
            start(of);
            now = begin(of);
        }
        if (now != null) {
            if (!now.isEnded() || !maySettle(now)) {
                return 0;
            }
            clear();
            settle(of, now.value(), now.failure());
        }
        CallingThread.clearInterrupt(); // set by a function, or a listener
        count();
        return 1;
    }

    @Override
    protected void adopt(ImmediateCall begun) {
        Batch home = begun.batch();
        Slots.Chunk chunk = home.slots().filledChunk(begun.index());
        AsyncCall now = begun.call();
        workFor(home);
        overdue = null;
        task = new ClaimedTask(home, chunk, begun.index(), chunk.value(begun.index()));
        now.adoptedBy(this, home);
        call = now;
        VarHandle.fullFence(); // see above
        if (settings().pool().isClosed()) { // the closing thread may have found neither the batch nor this lane
            home.cancel(settings().pool().closedReason());
            home.tellUngathered();
        }
        if (home.isEnded()) {
            now.stop(InterruptEcho.cancelled());
        }
    }

    /**
     * Calls the function in the context of the scatter, and subscribes to what it returns. Returns the call; null if
     * there was a result at once, which has been stored.
     */
    private @Nullable AsyncCall begin(ClaimedTask of) {
        Object value = null;
        Throwable thrown = null;
        try {
            Dialect.Context context = Envelope.contextIn(of.content());
            Runnable former = context == null ? null : context.restore();
            try {
                value = callFunction(of, context);
            } finally {
                if (former != null) {
                    former.run();
                }
            }
        } catch (Throwable failure) {
            thrown = failure;
        }
        AsyncCall begun = call;
        if (begun == null) {
            settle(of, value, thrown);
        } else if (thrown != null && !begun.broken(thrown)) {
            settings().dialect().drop(thrown);
        }
        return begun;
    }

    /** Returns the result if there is one at once; if not, a call has begun. */
    private @Nullable Object callFunction(ClaimedTask of, Dialect.@Nullable Context context) throws Exception {
        Batch home = of.home();
        if (of.content() instanceof CalledEnvelope called) {
            AsyncCall begun = called.begun();
            if (begun == null) {
                return called.value();
            }
            begun.adoptedBy(this, home);
            task = of;
            call = begun;
            VarHandle.fullFence(); // see above
            if (home.isEnded()) {
                begun.stop(InterruptEcho.cancelled());
            }
            return AsyncCall.PENDING;
        }
        Object returned = TaskRunner.apply(settings().work(), Envelope.argumentIn(of.content()));
        Dialect dialect = settings().dialect();
        Object value = returned == null || mayWait || isLimited() ? AsyncCall.PENDING : dialect.valueOf(returned);
        if (value == AsyncCall.PENDING) {
            AsyncCall begun = dialect.asyncCall(this, home, context);
            task = of;
            call = begun;
            limit(begun, of);
            VarHandle.fullFence(); // see above
            if (home.isEnded()) {
                begun.stop(InterruptEcho.cancelled());
            }
            begun.start(returned);
        }
        return value;
    }

    private void start(ClaimedTask of) {
        if (overdue != null) { // a store that others see at once costs more than this look
            overdue = null;
        }
        LaneObserver told = observer(of.home());
        observer = told;
        if (told != null) {
            number = settings().pool().observer().takeNumber();
            told.worker(settings().pool().name() + "-" + number);
            told.started(
                    of.home().place(of.index()),
                    Envelope.failuresOf(of.content()) + 1,
                    of.home().observation().times().of(of.index()));
            CallingThread.clearInterrupt(); // set by a listener
        }
    }

    private void end(TaskEnd end, @Nullable Throwable failure) {
        LaneObserver told = observer;
        if (told != null) {
            observer = null;
            settings().pool().observer().giveBackNumber(number);
            told.ended(end, failure);
        }
    }

    private TaskEnd endOf(Batch home, Throwable failure) {
        if (failure == overdue) {
            return TaskEnd.TIMED_OUT;
        }
        return home.isEnded() && InterruptEcho.isEcho(failure) ? TaskEnd.CANCELLED : TaskEnd.FAILED;
    }

    /** Whether a call has a time limit, which begins before what the function has returned does anything. */
    private boolean isLimited() {
        return settings().failures().policy().hasTimeout();
    }

    /** Stops a call that takes too long, on one of lox's own threads: its subscription is the user's. */
    private void limit(AsyncCall begun, ClaimedTask next) {
        if (isLimited()) {
            timeout = Timer.afterElsewhere(
                    () -> {
                        Throwable late = settings().failures().timeout(next.home(), next.index());
                        overdue = late;
                        begun.stop(late);
                    },
                    settings().failures().policy().timeoutNanos());
        }
    }

    /** Stores what a call has given, or lets the task be tried again. */
    private void settle(ClaimedTask of, @Nullable Object value, @Nullable Throwable failure) {
        Batch home = of.home();
        try {
            if (failure != null && tasks.mayTryAgain(of, failure)) {
                end(TaskEnd.RETRIED, failure);
                tasks.tryAgain(of);
            } else {
                end(failure == null ? TaskEnd.SUCCEEDED : endOf(home, failure), failure);
                if (tasks().settle(home, of.index(), of.chunk(), of.content(), value, failure)) {
                    over(home, of.index());
                }
            }
        } catch (Throwable broken) { // the slot is taken, and no other thread will settle it
            home.abort(broken);
            throw broken;
        }
    }

    private void clear() {
        task = null;
        call = null;
        Future<?> pending = timeout;
        if (pending != null) {
            timeout = null;
            pending.cancel(false);
        }
    }

    @Override
    public void refuse(Batch batch, int index, Slots.Chunk chunk, Throwable reason) {
        tasks.refuse(batch, index, chunk, reason);
    }

    @Override
    protected void abort(Throwable broken) {
        super.abort(broken);
        ClaimedTask of = task;
        AsyncCall now = call;
        clear();
        end(TaskEnd.FAILED, broken);
        if (of != null) {
            of.home().abort(broken);
        }
        if (now != null) {
            now.stop(broken);
        }
    }
}
