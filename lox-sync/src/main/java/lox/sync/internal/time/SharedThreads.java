package lox.sync.internal.time;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads that tasks run on: one set for all {@code Workers} of the JVM. A job gets the thread that became
 * idle last, or a new one. So there are never more threads than jobs at the same time; the lane pools bound the number
 * of jobs. A thread ends after a minute without a job.
 *
 * <p>A thread carries the name of the Workers it works for, or has worked for last. Between two jobs, everything that a
 * job may have changed is reset: the name, the context class loader, the interrupt flag.
 *
 * <p>This class is not an {@link java.util.concurrent.Executor}: agents that carry contexts across executors must not
 * do so here, since a job does work of many callers.
 */
public final class SharedThreads {
    /** The JVM's shared threads. */
    static final SharedThreads ALL = new SharedThreads(TimeUnit.SECONDS.toNanos(60));

    private static final ThreadNames HELPERS = new ThreadNames("lox-launch");

    private final long idleNanos;
    private final Deque<Worker> idle = new ArrayDeque<>(); // guarded by itself

    SharedThreads(long idleNanos) {
        this.idleNanos = idleNanos;
    }

    /**
     * Runs a job on a shared thread, because it may take time or may be the user's.
     *
     * @param job anything it throws goes to the thread's uncaught handler
     * @throws OutOfMemoryError if no thread can be created; then the job does not run
     */
    public static void elsewhere(Runnable job) {
        ALL.run(HELPERS, job);
    }

    /** Runs a job on an idle or new thread. Throws an error if no thread can be created; then the job does not run. */
    void run(ThreadNames names, Runnable job) {
        Worker worker;
        synchronized (idle) {
            worker = idle.pollFirst();
        }
        if (worker == null) {
            new Worker(names, job).start();
        } else {
            worker.take(names, job);
        }
    }

    /** The number of idle threads. */
    int idle() {
        synchronized (idle) {
            return idle.size();
        }
    }

    /**
     * One thread.
     *
     * <pre>
     *              take
     *   IDLE ---------------&gt; WORKING        in the deque if and only if idle; its taker gives it a job
     *    |  ^                    |
     *    |  +--------------------+
     *    +--- a minute has passed, and it took itself out ---&gt; (ended)
     * </pre>
     */
    private final class Worker implements Runnable {
        private final Thread thread;
        private ThreadNames names; // written before the job, read after it
        private volatile @Nullable Runnable job;
        private @Nullable ThreadNames named;
        private int number;

        Worker(ThreadNames names, Runnable job) {
            this.names = names;
            this.job = job;
            this.named = names;
            this.number = names.take();
            this.thread = OwnThreads.make(names.name(number), this);
        }

        void start() {
            try {
                thread.start();
            } catch (Throwable noThread) {
                names.giveBack(number);
                throw noThread;
            }
        }

        void take(ThreadNames of, Runnable next) {
            names = of;
            job = next;
            LockSupport.unpark(thread);
        }

        @Override
        public void run() {
            try {
                do {
                    perform();
                } while (awaitJob());
            } finally {
                giveNameBack();
            }
        }

        /** No frame but that of this method holds the job: an idle thread keeps nothing of it. */
        private void perform() {
            Runnable next = job;
            if (next == null) {
                return;
            }
            try {
                if (named != names) {
                    rename();
                }
            } catch (Throwable noMemory) { // the thread keeps its name: the job matters more
                named = null;
            }
            String name = thread.getName();
            try {
                next.run();
            } catch (Throwable thrown) {
                Uncaught.report(thrown);
            }
            Thread.interrupted();
            if (!name.equals(thread.getName())) {
                thread.setName(name);
            }
            if (thread.getContextClassLoader() != OwnThreads.contextClassLoader()) {
                thread.setContextClassLoader(OwnThreads.contextClassLoader());
            }
        }

        private void rename() {
            giveNameBack();
            ThreadNames next = names;
            number = next.take();
            named = next;
            thread.setName(next.name(number));
        }

        private void giveNameBack() {
            ThreadNames last = named;
            named = null;
            if (last != null) {
                last.giveBack(number);
            }
        }

        /** Waits for a job. False if none came, and none will. */
        private boolean awaitJob() {
            job = null;
            long end = System.nanoTime() + idleNanos;
            synchronized (idle) {
                idle.addFirst(this);
            }
            while (job == null) {
                long left = end - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(SharedThreads.this, left);
                } else {
                    synchronized (idle) {
                        if (idle.remove(this)) {
                            return false;
                        }
                    }
                    end = System.nanoTime() + idleNanos; // taken out of the deque: a job is about to come
                }
                Thread.interrupted(); // set by code that kept the thread: parking would not wait
            }
            return true;
        }
    }
}
