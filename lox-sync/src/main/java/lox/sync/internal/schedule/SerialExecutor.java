package lox.sync.internal.schedule;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs one after the other, in the order of submission, on the threads of another executor. It takes a thread when
 * there is a job and keeps it until no job is left, or until other work waits for the thread.
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

    /** The number of jobs that were submitted and have not ended. */
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Creates an executor.
     *
     * @param threads where jobs run
     * @param contended whether other work waits for one of these threads
     * @param nanoTime the current time
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
                if (jobs.remove(job)) { // before all others: a job whose submitter sees the refusal must not run
                    cancel(job);
                    cancelAll(waiting.decrementAndGet());
                } else { // another refused submitter has cancelled it in place of its own
                    cancelAll(waiting.get());
                }
                throw refused;
            }
        }
    }

    /**
     * Cancels the jobs that were counted while a thread was expected, since no thread will run them. A job is queued
     * before it is counted. So a job that is about to be counted may be cancelled in place of another; then that other
     * job takes its place.
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
            future.run(); // only records that it has ended
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
                Thread.interrupted(); // the interrupt was meant for that job
            }
            if (waiting.get() > 1 && contended.getAsBoolean() && nanoTime.getAsLong() - begun > TURN_NANOS) {
                waiting.decrementAndGet(); // still above zero: a thread that submits a job now does not launch
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
