package lox.sync.internal.core;

import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.internal.observe.FunctionObserver;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.slot.Slots;
import lox.sync.internal.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one function that wait for their next attempt. They stay in their slots and hold no worker. Exists only
 * if the pool's tasks wait between two attempts.
 *
 * <pre>
 *          delay             its time is over      readmitted (elsewhere)           claimed
 *   lane -------&gt; waiting -------------------&gt; ripe ---------------------&gt; due ---------------&gt; lane
 *                    |       lox-clock          |    the slot is FULL again
 *                    +--------------------------+--&gt; dropped: its batch has ended
 * </pre>
 *
 * A task of a later function of a chain goes back into the queue of its {@code Stage} instead of being due here.
 *
 * <p><b>Invariants.</b> The thread that moves a slot out of DELAYED by compare-and-set owns it. A task is in
 * {@code waiting} from before its lane leaves it until it has been dropped, or another lane has claimed it, or it is in
 * its stage's queue: so a thread that looks for work left to run finds it here or there. A thread that delays a task
 * checks <em>afterwards</em> whether the batch has ended or the pool was closed; the thread that ends it looks
 * <em>afterwards</em> for delayed slots. One of them sees the other.
 *
 * <p>Safe for use from many threads.
 */
public final class DelayedRetries {
    /** Brings a task back whose slot the caller has taken. The task's batch may end at the same time. */
    @FunctionalInterface
    public interface Readmission {
        void readmit(Batch home, Slots.Chunk chunk, int index, @Nullable Object content);
    }

    private final LanePool pool;
    private final Set<DelayedRetry> waiting = ConcurrentHashMap.newKeySet();
    private final Queue<DelayedRetry> ripe = new ConcurrentLinkedQueue<>();
    private final Queue<DelayedRetry> due = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wip = new AtomicInteger();
    private final AtomicLong delayed = new AtomicLong();
    private final @Nullable Readmission stage;
    private final QueueLimiter limiter;
    private final FunctionObserver observer;
    private Runnable launch = () -> {}; // set before the first scatter

    /**
     * Makes it for a function, or for a later function of a chain.
     *
     * @param stage readmits to the queue of a later function; null for a first one
     */
    DelayedRetries(LanePool pool, QueueLimiter limiter, FunctionObserver observer, @Nullable Readmission stage) {
        this.observer = observer;
        this.pool = pool;
        this.limiter = limiter;
        this.stage = stage;
    }

    /** Sets what starts a lane, if one is lacking, for a task that is due. Call once, before the first scatter. */
    void launchBy(Runnable launchIfLacking) {
        launch = launchIfLacking;
    }

    // ---- lanes -----------------------------------------------------------------------------------------------------

    /**
     * Lets a task wait that the calling lane has started, whose last attempt has failed. From now on the lane does not
     * own it. If this throws, the lane still does.
     *
     * @param content the argument, with the number of failed attempts
     */
    public void delay(Batch home, Slots.Chunk chunk, int index, @Nullable Object content, long nanos) {
        DelayedRetry retry = new DelayedRetry(home, chunk, index);
        waiting.add(retry);
        delayed.incrementAndGet(); // after it is there: a thread that reads the new number finds it there, or gone on
        chunk.finish(index, content, Slots.DELAYED);
        try {
            retry.wakeBy(Timer.after(() -> ripen(retry), nanos));
        } catch (Throwable noThread) {
            if (chunk.move(index, Slots.DELAYED, Slots.CLAIMED)) {
                forget(retry);
                throw noThread;
            }
            return; // dropped
        }
        VarHandle.fullFence(); // see the invariants
        if (home.isEnded() || pool.isClosed()) {
            ripen(retry); // on another thread: no listener is called on this one, which may be interrupted
        }
    }

    /** The task that has been due longest: of any batch, or of {@code only}. Call {@link #claimed} afterwards. */
    @Nullable
    DelayedRetry poll(@Nullable Batch only) {
        if (only == null) {
            return due.poll();
        }
        DelayedRetry first = dueOf(only);
        while (first != null && !due.remove(first)) { // another lane was first
            first = dueOf(only);
        }
        return first;
    }

    private @Nullable DelayedRetry dueOf(Batch home) {
        for (DelayedRetry retry : due) {
            if (retry.home() == home) {
                return retry;
            }
        }
        return null;
    }

    /** Called when a task that was due lies in a lane's claimed range. */
    void claimed(DelayedRetry retry) {
        forget(retry);
    }

    /** Whether a lane would find a task. */
    boolean hasDue() {
        return !due.isEmpty();
    }

    /** Whether a lane would find a task of that batch. */
    boolean hasDue(Batch home) {
        return dueOf(home) != null;
    }

    // ---- their time is over ----------------------------------------------------------------------------------------

    /** On the clock's thread, or on a lane's. */
    private void ripen(DelayedRetry retry) {
        ripe.add(retry);
        if (wip.getAndIncrement() == 0) {
            Timer.elsewhere(this::drain);
        }
    }

    /** One thread at a time: starting a lane may take its time, and a discard hook too. */
    private void drain() {
        int seen = 1;
        do {
            for (DelayedRetry retry = ripe.poll(); retry != null; retry = ripe.poll()) {
                readmitOrEnd(retry);
            }
            seen = wip.addAndGet(-seen);
        } while (seen != 0);
    }

    private void readmitOrEnd(DelayedRetry retry) {
        Batch home = retry.home();
        Slots.Chunk chunk = retry.chunk();
        if (home == null || chunk == null) {
            return; // its batch has ended
        }
        try {
            if (pool.isClosed()) { // the closing thread may not have seen it
                cancel(home, pool.closedReason());
            }
            readmit(retry, home, chunk);
        } catch (Throwable broken) { // no memory, no thread: no lane would ever find the task
            home.breakOff(broken);
        }
    }

    private void readmit(DelayedRetry retry, Batch home, Slots.Chunk chunk) {
        int index = retry.index();
        if (!chunk.move(index, Slots.DELAYED, Slots.CLAIMED)) {
            forget(retry); // dropped
            return;
        }
        Object content = chunk.value(index);
        Readmission queue = stage;
        if (home.isEnded()) {
            SlotCleanup.drop(home, chunk, index, content, observer);
            forget(retry);
        } else if (queue != null) {
            noteWait(home, index);
            queue.readmit(home, chunk, index, content);
            forget(retry);
        } else {
            limiter.reenter(); // the lane that starts it leaves the queue
            noteWait(home, index);
            chunk.fill(index, content);
            due.add(retry);
            if (home.isEnded()) {
                SlotCleanup.dropIfFull(home, index);
            }
            launch.run();
        }
    }

    private void noteWait(Batch home, int index) {
        if (observer.isListened()) {
            home.observation().times().note(index, System.nanoTime());
        }
    }

    private void forget(DelayedRetry retry) {
        waiting.remove(retry);
        retry.clear();
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /**
     * Lets go of a batch that has ended and whose delayed tasks have been dropped. Keeps a task that a lane is just
     * about to delay: that lane, which then finds the batch ended, has it dropped.
     */
    public void release(Batch ended) {
        for (DelayedRetry retry : waiting) {
            if (retry.home() == ended && retry.isDropped()) {
                forget(retry);
            }
        }
    }

    /** Cancels every batch that has a task here. */
    void cancelAll(String reason) {
        for (DelayedRetry retry : waiting) {
            Batch home = retry.home();
            if (home != null) {
                cancel(home, reason);
            }
        }
    }

    private static void cancel(Batch home, String reason) {
        home.cancel(reason);
        home.tellUngathered();
    }

    /** Whether no task waits, or is due and has not been claimed. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many tasks have been delayed so far. */
    long delayed() {
        return delayed.get();
    }
}
