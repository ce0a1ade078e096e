package lox.sync.internal.time;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * Calls of users' code that ought to return soon, but may never do so. A call runs on a shared thread. Its caller waits
 * for it, so that what it has done is done; but for a limited time, and not at all while an earlier call is overdue. So
 * a thousand calls that never return hold up their caller no longer than one does.
 *
 * <pre>
 *            returned, or has thrown
 *   RUNNING -------------------------&gt; RETURNED      the caller goes on, and throws what was thrown
 *      |  the limit has passed                       returned: one overdue less; what was thrown is reported
 *      +--------------------------&gt; OVERDUE --------------------------------------------------------&gt; (gone)
 * </pre>
 *
 * Safe for use from many threads.
 */
public final class BoundedCalls {
    private static final int RUNNING = 0;
    private static final int RETURNED = 1;
    private static final int OVERDUE = 2;

    private final long limitNanos;
    private final AtomicInteger overdue = new AtomicInteger();

    /**
     * Creates an instance without calls.
     *
     * @param limit how long a caller waits at most
     * @param unit of the limit
     */
    public BoundedCalls(long limit, TimeUnit unit) {
        limitNanos = unit.toNanos(limit);
    }

    /**
     * Makes a call, and waits for it. An interrupt does not end the wait; the thread keeps its flag.
     *
     * @param action may never return; what it throws is thrown here if it does so in time
     */
    public void run(Runnable action) {
        Call call = new Call(action);
        try {
            SharedThreads.elsewhere(call);
        } catch (Throwable noThread) { // on this thread rather than never
            action.run();
            return;
        }
        call.await(overdue.get() > 0 ? 0 : limitNanos);
    }

    /**
     * The number of calls that have not returned although their callers have gone on.
     *
     * @return a snapshot
     */
    public int overdue() {
        return overdue.get();
    }

    private final class Call extends AtomicInteger implements Runnable {
        private static final long serialVersionUID = 1L;

        private final transient Runnable action;
        private final transient WaitingThreads caller = new WaitingThreads();
        private transient @Nullable Throwable thrown; // published by the state

        Call(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            try {
                action.run();
            } catch (Throwable failure) {
                thrown = failure;
            }
            if (compareAndSet(RUNNING, RETURNED)) {
                caller.wakeAll();
                return;
            }
            overdue.decrementAndGet();
            Throwable late = thrown;
            if (late != null) {
                Uncaught.report(late);
            }
        }

        void await(long nanos) {
            if (!hasReturned(nanos)) {
                overdue.incrementAndGet(); // before the state: it never becomes negative
                if (compareAndSet(RUNNING, OVERDUE)) {
                    return;
                }
                overdue.decrementAndGet();
            }
            Throwable failure = thrown;
            if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure != null) { // a checked one, thrown as if it were not
                throw new IllegalStateException(failure);
            }
        }

        private boolean hasReturned(long nanos) {
            long deadline = System.nanoTime() + nanos;
            boolean interrupted = false;
            try {
                for (; ; ) {
                    try {
                        return caller.await(() -> get() != RUNNING, deadline);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
