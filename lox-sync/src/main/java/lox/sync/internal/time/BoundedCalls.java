package lox.sync.internal.time;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * Calls of users' code that ought to return soon, but may never do so. A call runs on a shared thread. Its caller waits
 * for it, so that what it has done is done; but for a limited time, and not at all while the last one that was too slow
 * has not returned. So a thousand calls that never return hold up their caller no longer than one does.
 *
 * <p>Safe for use from many threads.
 */
public final class BoundedCalls {
    private final long limitNanos;
    private volatile @Nullable Future<?> overdue; // the last one

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
     * @param action may never return; what it throws goes to the handler of the thread that it runs on
     */
    public void run(Runnable action) {
        FutureTask<@Nullable Void> call = new FutureTask<>(() -> reporting(action), null);
        Future<?> before = overdue;
        boolean waits = before == null || before.isDone();
        try {
            SharedThreads.elsewhere(call);
        } catch (Throwable noThread) { // on this thread rather than never
            call.run();
        }
        if (waits) {
            try {
                await(call, limitNanos);
            } catch (TimeoutException late) {
                overdue = call;
            } catch (ExecutionException e) {
                throw new AssertionError("it throws nothing", e);
            }
        }
    }

    private static void reporting(Runnable action) {
        try {
            action.run();
        } catch (Throwable thrown) {
            Uncaught.report(thrown);
        }
    }

    /**
     * Waits for a result. An interrupt does not end the wait; the thread keeps its flag.
     *
     * @param call to be waited for
     * @param nanos for so long at most
     * @param <V> the type of the result
     * @return the result
     * @throws TimeoutException if there is none by then
     * @throws ExecutionException if the call has thrown
     */
    public static <V extends @Nullable Object> V await(Future<V> call, long nanos)
            throws TimeoutException, ExecutionException {
        long deadline = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            for (; ; ) {
                try {
                    return call.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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
