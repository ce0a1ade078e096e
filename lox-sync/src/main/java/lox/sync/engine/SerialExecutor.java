package lox.sync.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs one after the other, in the order they came, on whatever threads another executor has. It takes a thread when there is
 * something to do and keeps it until nothing is left, or until others want their turn.
 *
 * <pre>
 *   waiting == 0: at rest --execute--&gt; waiting &gt; 0: a thread has been asked for, or is in run()
 *                    ^                        |
 *                    +----- the last job -----+
 * </pre>
 */
final class SerialExecutor implements Executor, Runnable {
    private static final long TURN_NANOS = 1_000_000;

    private final Executor threads;
    private final BooleanSupplier contended;
    private final LongSupplier nanoTime;
    private final Queue<Runnable> jobs = new ConcurrentLinkedQueue<>();

    /** Jobs that were put and have not ended. */
    private final AtomicInteger waiting = new AtomicInteger();

    SerialExecutor(RemoteExecutor threads) {
        this(threads, threads::isContended, System::nanoTime);
    }

    /**
     * Makes one.
     *
     * @param threads where jobs run
     * @param contended whether others wait for a thread of these
     * @param nanoTime now
     */
    SerialExecutor(Executor threads, BooleanSupplier contended, LongSupplier nanoTime) {
        this.threads = threads;
        this.contended = contended;
        this.nanoTime = nanoTime;
    }

    @Override
    public void execute(Runnable job) {
        jobs.add(job);
        if (waiting.getAndIncrement() == 0) {
            try {
                threads.execute(this);
            } catch (Throwable refused) {
                if (jobs.remove(job)) { // before all others: its own refusal must be true of it
                    cancel(job);
                    cancelAll(waiting.decrementAndGet());
                } else { // somebody who was refused has cancelled it in place of another
                    cancelAll(waiting.get());
                }
                throw refused;
            }
        }
    }

    /**
     * Cancels those that were counted while there was hope for a thread, for nobody will come for them. A job is put before it is
     * counted, so one of another may be taken for it that is about to be counted; then its place is taken by that other.
     */
    private void cancelAll(int counted) {
        for (int lost = counted; lost > 0; lost = waiting.addAndGet(-lost)) {
            for (int i = 0; i < lost; i++) {
                cancel(jobs.poll());
            }
        }
    }

    private static void cancel(@Nullable Runnable job) {
        if (job instanceof RunnableFuture<?> future) {
            future.cancel(false);
            future.run(); // which only notes that it is over
        }
    }

    @Override
    public void run() {
        long begun = nanoTime.getAsLong();
        do {
            Runnable job = jobs.poll();
            if (job != null) {
                try {
                    job.run();
                } catch (Throwable ofTheJob) {
                    Uncaught.report(ofTheJob);
                }
                Thread.interrupted(); // it was meant for that job
            }
            if (waiting.get() > 1 && contended.getAsBoolean() && nanoTime.getAsLong() - begun > TURN_NANOS) {
                waiting.decrementAndGet(); // still above zero: who puts a job now does not launch
                try {
                    threads.execute(this);
                } catch (RejectedExecutionException closed) {
                    cancelAll(waiting.get());
                }
                return;
            }
        } while (waiting.decrementAndGet() > 0);
    }
}
