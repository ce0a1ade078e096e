package lox.sync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Knows since when a lane has been at the attempt it is at, and settles who ends an attempt that takes too long: the lane, if it
 * comes back after it has been interrupted, or else whoever gives the attempt up. All of it is one word.
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
 * <b>Invariants.</b> Who holds EXPIRING owns the attempt's fields, and the lane waits for it, which is as long as it takes to
 * interrupt a thread. So an interrupt never reaches what the lane does next. Out of RUNNING and out of EXPIRED leads one
 * compare-and-set each, so an attempt is ended once.
 */
final class TaskClock {
    /** What has become of an attempt. */
    enum End {
        /** It ended by itself. */
        IN_TIME,
        /** Its time was over before, and it is up to the lane to say so. */
        TIMED_OUT,
        /** It has been given up, and its task has failed without the lane. */
        GIVEN_UP
    }

    // The word is a time and two bits below it, or one of these.
    private static final long IDLE = 0;
    private static final long EXPIRING = 3;
    private static final long ABANDONED = 4;

    private static final int BITS = 2;
    private static final long RUNNING_BIT = 1;
    private static final long EXPIRED_BIT = 2;
    private static final long ORIGIN = System.nanoTime() - 1_000;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(TaskClock.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Lane lane;
    private final TaskRunner runner;

    private volatile long word;
    private long started; // the lane's own: the word it has set
    private @Nullable Thread thread;
    private @Nullable Batch home; // these five belong to the lane, and while it is held to whoever holds EXPIRING
    private int index;
    private @Nullable Object content;
    private int attempt;
    private @Nullable Throwable failure;

    TaskClock(Lane lane, TaskRunner runner) {
        this.lane = lane;
        this.runner = runner;
    }

    /** Nanoseconds since some time before the first task. */
    static long now() {
        return System.nanoTime() - ORIGIN;
    }

    // ---- the lane --------------------------------------------------------------------------------------------------

    void begin() {
        thread = Thread.currentThread();
    }

    void start(Batch batch, int slot, @Nullable Object task, int number) {
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
            // No hint to the processor while somebody holds it: BlockHound takes that for blocking.
            if (now != EXPIRING && WORD.compareAndSet(this, now, IDLE)) {
                if ((now & RUNNING_BIT) != 0) {
                    return End.IN_TIME; // looked at, and left alone: its batch has ended
                }
                Thread.interrupted();
                return End.TIMED_OUT;
            }
        }
    }

    /** What an attempt that has timed out has failed with. */
    Throwable failure() {
        Throwable made = failure;
        return made == null ? new CancellationException("timed out") : made;
    }

    /** Lets go of the last attempt. */
    void clear() {
        home = null;
        content = null;
        failure = null;
    }

    /** For the lane's own thread: whether the attempt it is in, deeper in the stack, has been interrupted by the watch. */
    boolean isOver() {
        long now = word;
        return (now != IDLE && (now & RUNNING_BIT) == 0) || now == EXPIRING;
    }

    // ---- the watch -------------------------------------------------------------------------------------------------

    /** Interrupts the attempt if its time is over. Returns when to look again, at the latest. */
    long look(long now, long limit) {
        long seen = word;
        long deadline = (seen >>> BITS) + limit;
        if (seen <= ABANDONED) {
            return now + limit;
        }
        if (now < deadline) {
            return deadline;
        }
        if ((seen & RUNNING_BIT) != 0) {
            expire(seen, now);
        } else {
            Timer.elsewhere(() -> giveUp(seen)); // it has ignored the interrupt for as long again
        }
        return now + limit;
    }

    private void expire(long seen, long now) {
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
                return; // nobody waits for it any more
            }
            number = attempt;
            int called = (int) Math.min(batch.ordinal(index), Integer.MAX_VALUE); // a stream may go on beyond
            made = runner.policy().timeout().after(called, runner.name());
            StackTraceElement[] where = occupant.getStackTrace();
            if (where.length > 0) {
                made.setStackTrace(where);
            }
            failure = made;
            next = now << BITS | EXPIRED_BIT;
            occupant.interrupt(); // may be overridden, and throw
        } finally {
            WORD.setRelease(this, next);
        }
        long expired = next;
        Timer.elsewhere(() -> {
            if (!runner.policy().grantsAnother(number, made)) {
                giveUp(expired);
            }
        });
    }

    /** Fails the task without waiting for the lane, unless that has come back. */
    private void giveUp(long expired) {
        if (WORD.compareAndSet(this, expired, EXPIRING)) {
            Batch batch = home;
            int slot = index;
            Object task = content;
            Throwable made = failure();
            int attempts = attempt;
            int others = lane.tasks().takeUncounted();
            WORD.setRelease(this, ABANDONED);
            if (batch != null) {
                runner.refuse(batch, slot, task, made, attempts, others + 1);
            }
        }
    }
}
