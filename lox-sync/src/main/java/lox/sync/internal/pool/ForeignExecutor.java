package lox.sync.internal.pool;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import lox.sync.internal.time.SharedThreads;
import org.jspecify.annotations.Nullable;

/**
 * Hands jobs to an executor of the user's from one of lox's own threads, which has no context. Decorated executors,
 * schedule hooks and agents capture the context of the thread that hands a job over, and restore it around the job:
 * here they capture none.
 *
 * <p>The effect for the caller is that of calling the executor itself. The caller waits until the job has been handed
 * over, receives what the executor throws, and runs the job on its own thread if the executor would have run it there.
 * Threads that the executor creates inherit the caller's context class loader. If an executor takes longer than
 * {@value #PATIENCE_SECONDS} seconds to accept a job, for example because it needs a lock that the caller holds, the
 * caller stops waiting. Then lox's thread runs a job that the executor rejects or runs in the thread that hands it
 * over.
 */
final class ForeignExecutor implements Executor {
    private static final int PATIENCE_SECONDS = 10;

    private final Executor executor;

    ForeignExecutor(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable job) {
        Handing handing = new Handing(executor, job);
        try {
            SharedThreads.elsewhere(handing);
        } catch (Throwable noThread) { // the executor may have some
            executor.execute(job);
            return;
        }
        handing.await();
    }

    /** One job being handed over. */
    private static final class Handing implements Runnable {
        private static final int WAITING = 0;
        private static final int DONE = 1;
        private static final int LEFT = 2;

        private final Executor executor;
        private final Runnable job;
        private final AtomicInteger state = new AtomicInteger(WAITING); // its change publishes the fields below
        private @Nullable Thread caller = Thread.currentThread();
        private @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
        private @Nullable Thread launcher;
        private boolean inline;
        private @Nullable Throwable refusal;

        Handing(Executor executor, Runnable job) {
            this.executor = executor;
            this.job = job;
        }

        /** Runs on one of lox's own threads. */
        @Override
        public void run() {
            Thread self = Thread.currentThread();
            Thread waiting = caller;
            launcher = self;
            self.setContextClassLoader(loader); // reset afterwards, as after any job
            caller = null; // the executor may keep this object for as long as the job runs
            loader = null;
            try {
                executor.execute(new Handed(this));
            } catch (Throwable thrown) {
                refusal = thrown;
            }
            launcher = null;
            if (state.compareAndSet(WAITING, DONE)) {
                LockSupport.unpark(waiting);
            } else if (inline || refusal != null) {
                job.run();
            }
        }

        /** Called on the caller's thread. */
        void await() {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            boolean interrupted = false;
            while (state.get() == WAITING) {
                long left = end - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(this, left);
                    interrupted |= Thread.interrupted();
                } else {
                    state.compareAndSet(WAITING, LEFT);
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (state.get() == DONE) {
                if (inline) {
                    CallingThread.runForCaller(job);
                }
                throwRefusal();
            }
        }

        private void throwRefusal() {
            Throwable thrown = refusal;
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (thrown != null) {
                throw new RejectedExecutionException(thrown);
            }
        }
    }

    /** The job as the executor receives it. */
    private record Handed(Handing handing) implements Runnable {
        @Override
        public void run() {
            if (Thread.currentThread() == handing.launcher) { // no other thread can see itself in this field
                handing.inline = true;
            } else {
                handing.job.run();
            }
        }

        @Override
        public String toString() {
            return handing.job.toString();
        }
    }
}
