package lox.sync.internal.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import lox.sync.event.TaskEnd;
import lox.sync.internal.observe.LaneObserver;
import lox.sync.internal.time.SpinWait;
import org.jspecify.annotations.Nullable;

/**
 * The timer of a lane's current attempt. It records when the attempt started and decides which thread ends an attempt
 * that exceeds its time limit: the lane, if the lane returns after the interrupt, or otherwise the thread that gives
 * the attempt up. The whole state is one word.
 *
 * <pre>
 *         start               limit over
 *   IDLE --------&gt; RUNNING --------------&gt; EXPIRING ---&gt; EXPIRED --given up--&gt; EXPIRING ---&gt; GIVEN_UP
 *    ^ ^              | end       watch     (interrupt)     | end                               | end
 *    | +--------------+ IN_TIME                             |                                   |
 *    +------------------------------------------------------+ TIMED_OUT                         |
 *    +------------------------------------------------------------------------------------------+ GIVEN_UP
 * </pre>
 *
 * <b>Invariants.</b> The thread that moves the word to EXPIRING owns the attempt's fields until it leaves EXPIRING. The
 * lane waits for that thread, no longer than it takes to interrupt a thread, so an interrupt never reaches the lane's
 * next work. RUNNING and EXPIRED are each left by one compare-and-set, so an attempt is ended once.
 */
final class AttemptTimer {
    /** How an attempt ended. */
    enum End {
        /** It ended by itself. */
        IN_TIME,
        /** It exceeded its time limit, and the lane has to fail the task or retry it. */
        TIMED_OUT,
        /** It was given up, and its task has failed without the lane. */
        GIVEN_UP
    }

    // The word is a time above two flag bits, or one of these constants.
    private static final long IDLE = 0;
    private static final long EXPIRING = 3;
    private static final long ABANDONED = 4;

    private static final int BITS = 2;
    private static final long RUNNING_BIT = 1;
    private static final long EXPIRED_BIT = 2;

    /**
     * The least time that an interrupted attempt has to come back in before it is given up although another one would
     * follow: a limit of 1 ms is sensible, to expect a thread of a busy machine to react within 1 ms is not.
     */
    private static final long LEAST_GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long ORIGIN = System.nanoTime() - 1_000;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(AttemptTimer.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TaskFailures failures;
    private final IntSupplier uncounted;

    private volatile long word;
    private long started; // owned by the lane: the word it has set
    private long handedOver; // owned by the timeout watch: the last word it has acted on
    private @Nullable Thread thread;
    private @Nullable Batch home; // these six belong to the lane, or to the thread that holds EXPIRING
    private int index;
    private @Nullable Object content;
    private int attempt;
    private @Nullable Throwable failure;
    private @Nullable AttemptObserver observer;

    /**
     * Makes the timer of a lane.
     *
     * @param uncounted takes over the number of finished tasks of the same batch that have not been counted
     */
    AttemptTimer(TaskFailures failures, IntSupplier uncounted) {
        this.failures = failures;
        this.uncounted = uncounted;
    }

    /** Nanoseconds since a fixed time before the first task. */
    static long now() {
        return System.nanoTime() - ORIGIN;
    }

    // ---- the lane --------------------------------------------------------------------------------------------------

    void begin() {
        thread = Thread.currentThread();
    }

    void start(Batch batch, int slot, @Nullable Object task, int number, @Nullable AttemptObserver told) {
        observer = told;
        home = batch;
        index = slot;
        content = task;
        attempt = number;
        started = now() << BITS | RUNNING_BIT;
        WORD.setRelease(this, started);
    }

    End end() {
        if (WORD.compareAndSet(this, started, IDLE)) {
            return End.IN_TIME;
        }
        return endLate();
    }

    private End endLate() {
        for (; ; ) {
            long now = word;
            if (now == ABANDONED) {
                word = IDLE;
                Thread.interrupted();
                return End.GIVEN_UP;
            }
            if (now == EXPIRING) {
                SpinWait.pause();
            } else if (WORD.compareAndSet(this, now, IDLE)) {
                if ((now & RUNNING_BIT) != 0) {
                    return End.IN_TIME; // the watch has left it alone: its batch has ended
                }
                Thread.interrupted();
                return End.TIMED_OUT;
            }
        }
    }

    /** The failure of an attempt that has timed out. */
    Throwable failure() {
        Throwable made = failure;
        return made == null ? new CancellationException("timed out") : made;
    }

    /** Clears the references to the last attempt. */
    void clear() {
        home = null;
        content = null;
        failure = null;
        observer = null;
    }

    /**
     * For the lane's own thread: whether the timeout watch has interrupted the attempt that this thread is in, deeper
     * in the stack.
     */
    boolean isOver() {
        long now = word;
        return (now != IDLE && (now & RUNNING_BIT) == 0) || now == EXPIRING;
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /**
     * Has the attempt interrupted, and later given up, if it exceeds its time limit.
     *
     * @param elsewhere runs an action on another thread: interrupting a thread may run users' code
     * @return when to look again, at the latest
     */
    long look(long now, long limit, Consumer<Runnable> elsewhere) {
        long seen = word;
        if (seen <= ABANDONED) {
            return now + limit;
        }
        boolean runs = (seen & RUNNING_BIT) != 0;
        long deadline = (seen >>> BITS) + (runs ? limit : Math.max(limit, LEAST_GRACE_NANOS));
        if (now < deadline) {
            return deadline;
        }
        if (seen != handedOver) {
            elsewhere.accept(runs ? () -> expire(seen) : () -> giveUp(seen)); // it has ignored the interrupt
            handedOver = seen;
        }
        return now + limit;
    }

    private void expire(long seen) {
        Batch batch;
        Throwable made;
        int number;
        long next = seen;
        if (!WORD.compareAndSet(this, seen, EXPIRING)) {
            return;
        }
        try {
            batch = home;
            Thread occupant = thread;
            if (batch == null || occupant == null || batch.isEnded()) {
                return; // no thread waits for it any more
            }
            number = attempt;
            made = failures.timeout(batch, index);
            StackTraceElement[] where = occupant.getStackTrace();
            if (where.length > 0) {
                made.setStackTrace(where);
            }
            failure = made;
            next = now() << BITS | EXPIRED_BIT;
            occupant.interrupt(); // may be overridden, and throw
        } finally {
            WORD.setRelease(this, next);
        }
        if (!failures.policy().retry().grantsAnother(number, made)) {
            giveUp(next);
        }
    }

    /** Fails the task without waiting for the lane, unless the lane has come back. */
    private void giveUp(long expired) {
        if (WORD.compareAndSet(this, expired, EXPIRING)) {
            Batch batch = home;
            int slot = index;
            Object task = content;
            Throwable made = failure();
            int attempts = attempt;
            int others = uncounted.getAsInt();
            LaneObserver.OpenAttempt open = observer == null ? null : observer.takeOver();
            WORD.setRelease(this, ABANDONED);
            if (open != null) {
                open.ended(TaskEnd.TIMED_OUT, made);
            }
            if (batch != null) {
                failures.giveUp(batch, slot, task, made, attempts, others + 1);
            }
        }
    }
}
