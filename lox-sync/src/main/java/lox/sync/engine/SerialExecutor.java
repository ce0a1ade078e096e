package lox.sync.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.atomic.AtomicInteger;

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

    private final RemoteExecutor threads;
    private final Queue<Runnable> jobs = new ConcurrentLinkedQueue<>();

    /** Jobs that were put and have not ended. */
    private final AtomicInteger waiting = new AtomicInteger();

    SerialExecutor(RemoteExecutor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable job) {
        jobs.add(job);
        if (waiting.getAndIncrement() == 0) {
            launch();
        }
    }

    private void launch() {
        try {
            threads.execute(this);
        } catch (Throwable refused) { // then nobody will come for those that were put meanwhile, either
            int lost = waiting.get();
            while (lost > 0) {
                for (int i = 0; i < lost; i++) {
                    if (jobs.poll() instanceof RunnableFuture<?> job) {
                        job.cancel(false);
                        job.run(); // which only notes that it is over
                    }
                }
                lost = waiting.addAndGet(-lost);
            }
            throw refused;
        }
    }

    @Override
    public void run() {
        long begun = System.nanoTime();
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
            if (waiting.get() > 1 && threads.isContended() && System.nanoTime() - begun > TURN_NANOS) {
                waiting.decrementAndGet(); // still above zero: who puts a job now does not launch
                try {
                    launch();
                } catch (RejectedExecutionException closed) { // and has cancelled those that wait
                    return;
                }
                return;
            }
        } while (waiting.decrementAndGet() > 0);
    }
}
