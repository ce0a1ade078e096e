package lox.sync.internal.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import lox.sync.internal.result.StackProbe;
import lox.sync.internal.time.SharedThreads;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: how a place is taken, handed over, lost and given back is one protocol on two fields.
/**
 * The places of one {@link LanePool}: a bounded number of jobs run at once in its executor, first come, first served.
 * Lanes of several Scatters share them with the work that users put on a Scatter's scheduler. A lane whose function
 * does not block keeps its place while it has left its thread.
 *
 * <p>A job that finds no place waits in a queue; a place that becomes free runs the next job from there first. All
 * methods may be called from any thread, and none blocks, except {@link #start} if allowed.
 */
final class Places {
    private final String name;
    private final int limit;
    private final Executor executor;
    private final @Nullable Executor launcher; // launches lanes if the executor is the user's
    private final @Nullable LostJobs lost;

    private final AtomicInteger taken = new AtomicInteger();
    private final BooleanSupplier taker = this::takePlace;
    private final Consumer<PoolJob> resumer = this::resumeHere;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Creates places.
     *
     * @param name of the pool
     * @param limit how many there are, 1 or more
     * @param executor runs the jobs
     * @param foreign whether the executor is the user's: then it receives lanes without the context of the thread that
     *     starts them
     */
    Places(String name, int limit, Executor executor, boolean foreign) {
        this.name = name;
        this.limit = limit;
        this.executor = executor;
        this.launcher = foreign ? new ForeignExecutor(executor) : null;
        this.lost = foreign && executor instanceof ExecutorService service ? new LostJobs(service, this::lose) : null;
    }

    /** Whether a job waits for a place that a long-running lane might give up. */
    boolean isContended() {
        return !waiting.isEmpty();
    }

    /** How many are taken. */
    int taken() {
        return taken.get();
    }

    /** Whether no job runs or waits. */
    boolean isIdle() {
        return taken.get() == 0 && waiting.isEmpty();
    }

    /**
     * Runs a job as soon as there is a place.
     *
     * @throws RejectedExecutionException if the executor accepts no more
     */
    void execute(Runnable job) {
        launch(job, executor, launcher == null);
    }

    /**
     * Runs a lane as soon as there is a place, without any context of the calling thread.
     *
     * @param mayBlock whether the calling thread may wait for an executor of the user's to accept it
     * @throws RejectedExecutionException if the executor accepts no more
     */
    void start(PoolJob lane, boolean mayBlock) {
        Executor foreign = launcher;
        if (foreign == null) {
            execute(lane);
        } else if (mayBlock) {
            launch(lane, foreign, true);
        } else {
            SharedThreads.elsewhere(() -> {
                try {
                    launch(lane, executor, true);
                } catch (Throwable refused) {
                    lane.refuse(refused);
                }
            });
        }
    }

    /** Runs a lane in the calling thread as soon as there is a place and that thread is in no other one. */
    void startHere(PoolJob lane) {
        if (waiting.isEmpty() && takePlace()) {
            executor.execute(() -> work(lane, true));
        } else {
            launch(lane, executor, true);
        }
    }

    /** Whether {@link #startHere} would run a lane at once, unless another thread takes the last place first. */
    boolean isFreeHere() {
        return taken.get() < limit
                && waiting.isEmpty()
                && !(executor instanceof CallingThread thread && thread.isInJob());
    }

    /**
     * Runs a job in the calling thread at once, if there is a place that nothing waits for, and that thread is in no
     * lane of this pool. Returns false if not; then nothing has been done.
     *
     * @param job has to call {@link #resumeHere} for itself when it is run, with the place that has been taken for it
     * @param turn the caller's own, or null
     */
    boolean tryStartHere(PoolJob job, CallingThread.@Nullable Turn turn) {
        return executor instanceof CallingThread thread && waiting.isEmpty() && thread.tryExecute(job, taker, turn);
    }

    /** {@code neutral}: the executor captures no user context from the thread that hands a place over. */
    private void launch(Runnable job, Executor by, boolean neutral) {
        if (!(executor instanceof CallingThread)) { // otherwise this has been checked, for less
            StackProbe.checkInnermost();
        }
        waiting.add(job);
        RejectedExecutionException refusal = null;
        while (!waiting.isEmpty() && takePlace()) {
            Place place = new Place(neutral, null);
            try {
                place.handTo(by);
                break;
            } catch (Throwable thrown) {
                if (!place.cancel()) {
                    break; // the executor throws, and runs the place nevertheless
                }
                int others = taken.decrementAndGet();
                if (refusal == null && waiting.remove(job)) {
                    refusal = refusal(thrown);
                } else if (others == 0) {
                    endOrphan(refusal(thrown));
                }
                if (others > 0) {
                    break; // the thread in that place reads the queue before it gives the place back, and after
                }
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    /**
     * Queues a job that runs in a place now and yields to the waiting ones: it continues after them, in this place or
     * another.
     */
    void requeue(Runnable job) {
        waiting.add(job);
    }

    /**
     * Goes on with a job that has kept its place: on the calling thread, if the executor runs jobs there. The caller
     * has made sure of the stack: what is lost here stays lost, with its place.
     */
    void resume(PoolJob job) {
        executor.execute(job.resumption(resumer));
    }

    /** The same in the calling thread in any case. */
    void resumeHere(PoolJob job) {
        work(job, true);
    }

    private RejectedExecutionException refusal(Throwable thrown) {
        return thrown instanceof RejectedExecutionException rejected
                ? rejected
                : new RejectedExecutionException("the executor of \"" + name + "\" failed", thrown);
    }

    /**
     * Called when the executor has thrown a place away: the jobs that waited for it fail, unless there are other
     * places.
     */
    private void lose(LostJobs.Pending place) {
        if (!place.compareAndSet(false, true)) {
            return; // it has begun after all
        }
        RejectedExecutionException reason = new RejectedExecutionException("the executor of \"" + name
                + "\" has thrown away a worker's job that it had accepted: it was shut down, or it discards silently");
        if (taken.decrementAndGet() == 0) {
            // Drain the queue first: a job that is added while failures are reported has a place again.
            List<Runnable> left = new ArrayList<>();
            for (Runnable job = waiting.poll(); job != null; job = waiting.poll()) {
                left.add(job);
            }
            for (Runnable job : left) {
                if (job instanceof PoolJob lane) {
                    lane.refuse(reason);
                } else {
                    runReporting(job); // can no longer be refused: run here rather than never
                }
            }
        }
    }

    /**
     * Ends another caller's job that may have no thread left to run it: a lane is refused, as its own launch would have
     * been; where lox's own threads cannot be had, and for other jobs, it runs on this thread rather than never.
     */
    private void endOrphan(RejectedExecutionException refusal) {
        Runnable orphan = waiting.poll();
        if (orphan instanceof PoolJob lane && launcher != null) {
            SharedThreads.elsewhere(() -> lane.refuse(refusal)); // this thread has a context
        } else if (orphan != null) {
            runReporting(orphan);
        }
    }

    private boolean takePlace() {
        for (; ; ) {
            int now = taken.get();
            if (now >= limit) {
                return false;
            }
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /**
     * Runs jobs in a place that has been taken, in the calling thread, until none is left. Then gives the place back
     * and looks again: a job may have come meanwhile.
     *
     * @param first the job to run before those in the queue, or null
     * @param neutral whether the thread carries no user context; if it does, it runs no lanes
     */
    private void work(@Nullable Runnable first, boolean neutral) {
        Runnable job = first != null ? first : waiting.poll();
        boolean flagged = Thread.interrupted(); // of a caller whose executor runs jobs in the calling thread
        try {
            for (; ; ) {
                while (job != null) {
                    if (!neutral && job instanceof PoolJob) {
                        passOn(job);
                        return;
                    }
                    if (!runReporting(job)) {
                        return;
                    }
                    CallingThread.clearInterrupt(); // left by the job
                    job = waiting.poll();
                }
                taken.decrementAndGet();
                if (waiting.isEmpty() || !takePlace()) {
                    return;
                }
                job = waiting.poll();
            }
        } finally {
            if (flagged) {
                Thread.currentThread().interrupt(); // whose flag it is gets it back
            }
        }
    }

    /** Passes a lane on, together with its place, to a thread without user context. */
    private void passOn(Runnable lane) {
        Place other = new Place(true, lane);
        try {
            SharedThreads.elsewhere(() -> {
                try {
                    other.handTo(executor);
                } catch (Throwable refused) {
                    other.run(); // on this thread rather than never
                }
            });
        } catch (Throwable noThread) {
            other.run();
        }
    }

    /** Returns false if the job goes on later and keeps its place. */
    private static boolean runReporting(Runnable job) {
        try {
            if (job instanceof PoolJob lane) {
                return lane.runInPlace();
            }
            job.run();
        } catch (Throwable thrown) {
            Uncaught.report(thrown);
        }
        return true;
    }

    /**
     * One place of the executor. An executor may throw and run the place nevertheless, or may have run it already: only
     * one of the two counts.
     */
    private final class Place extends LostJobs.Pending implements Runnable {
        private static final long serialVersionUID = 1L;

        private final boolean neutral;
        private transient @Nullable Runnable first;

        /**
         * Creates a place.
         *
         * @param neutral whether it carries no user context; if it does, it runs no lanes
         * @param first the job to run before those in the queue, or null
         */
        Place(boolean neutral, @Nullable Runnable first) {
            this.neutral = neutral;
            this.first = first;
        }

        void handTo(Executor by) {
            if (lost != null) {
                lost.add(this);
            }
            by.execute(this);
        }

        /** Executors name the job that they have rejected. */
        @Override
        public String toString() {
            return "worker of \"" + name + "\"";
        }

        /** Cancels this place. True if it has not been used, and never will be. */
        boolean cancel() {
            return begin();
        }

        private boolean begin() {
            if (lost != null) {
                lost.remove(this);
            }
            return compareAndSet(false, true);
        }

        @Override
        public void run() {
            if (begin()) {
                Runnable job = first;
                first = null; // the executor may keep this object
                work(job, neutral);
            }
        }
    }
}
