package lox.sync.internal.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import lox.sync.internal.pool.PoolClient;
import lox.sync.internal.time.Ticker;
import lox.sync.spi.Uncaught;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: a ScheduledExecutorService has that many methods, and its jobs are part of it.
/**
 * Adds delays, futures that interrupt, and a shutdown to an executor. After {@link #shutdown()} accepted jobs still
 * run, except periodic ones; after {@link #shutdownNow()} none does, and running ones are interrupted. The underlying
 * executor is not shut down.
 *
 * <p>No job runs on the clock's thread.
 */
public final class TimedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
    static final String DISPOSED = "the scheduler has been disposed of";

    /** Orders jobs with the same time. */
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final Executor executor;
    private final Ticker ticker;
    private final Set<Job<?>> jobs = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<@Nullable Void> terminated = new CompletableFuture<>();
    private volatile boolean shutdown;
    private volatile boolean dropping; // written after shutdown

    TimedExecutor(Executor executor) {
        this(executor, Ticker.SYSTEM);
    }

    TimedExecutor(Executor executor, Ticker ticker) {
        this.executor = executor;
        this.ticker = ticker;
    }

    // ---- jobs ------------------------------------------------------------------------------------------------------

    @Override
    public void execute(Runnable command) {
        Job<?> job = command instanceof Job<?> own ? own : new Untended(command);
        accept(job);
        job.handOver();
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Job<>(Executors.callable(runnable, value), 0, 0);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Job<>(callable, 0, 0);
    }

    /**
     * Runs a job and reports its end to the observer. Anything the observer throws goes to the uncaught handler.
     *
     * @return the job, to be cancelled; if this executor refuses it, the observer has been told
     */
    <V extends @Nullable Object> Future<V> submit(Callable<V> callable, JobObserver<? super V> observer) {
        ObservedJob<V> job = new ObservedJob<>(callable, observer);
        try {
            accept(job);
            job.handOver();
        } catch (RejectedExecutionException refused) {
            job.setException(refused);
        }
        return job;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return later(new Job<>(Executors.callable(command), unit.toNanos(delay), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return later(new Job<>(callable, unit.toNanos(delay), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return later(new Job<>(Executors.callable(command), unit.toNanos(initialDelay), positive(period, unit)));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return later(new Job<>(Executors.callable(command), unit.toNanos(initialDelay), -positive(delay, unit)));
    }

    private static long positive(long period, TimeUnit unit) {
        if (period <= 0) {
            throw new IllegalArgumentException("the period must be more than 0, but was " + period);
        }
        return unit.toNanos(period);
    }

    private <V> ScheduledFuture<V> later(Job<V> job) {
        accept(job);
        job.arm();
        return job;
    }

    private void accept(Job<?> job) {
        jobs.add(job);
        if (shutdown) {
            job.leave();
            throw new RejectedExecutionException(DISPOSED);
        }
    }

    /** The number of jobs that have been accepted and have not ended. */
    int size() {
        return jobs.size();
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    @Override
    public void shutdown() {
        shutdown = true;
        for (Job<?> job : jobs) {
            if (job.isPeriodic()) {
                job.cancel(false);
            }
        }
        terminateIfIdle();
    }

    /** As {@link PoolClient#drop}. */
    void drop() {
        shutdown = true;
        dropping = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        drop();
        List<Runnable> neverRun = new ArrayList<>();
        for (Job<?> job : jobs) {
            if (job.cancel(true) && !job.hasBegun()) {
                neverRun.add(job);
            }
        }
        terminateIfIdle();
        return neverRun;
    }

    private void terminateIfIdle() {
        // Not isEmpty(): it adds up counters while they change, so its answer may hold at no moment.
        if (shutdown && !jobs.iterator().hasNext()) {
            terminated.complete(null);
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return terminated.isDone();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            terminated.get(timeout, unit);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Completes when this executor has been shut down and its last job has ended. */
    CompletableFuture<@Nullable Void> termination() {
        return terminated;
    }

    /**
     * One job, which runs once or periodically.
     *
     * <pre>
     *   (accepted) --&gt; armed --time has come--&gt; handed over --&gt; running --&gt; (left)
     *                    ^ |                                       |
     *                    | +--cancelled--&gt; (left)                  |
     *                    +-----------------periodic----------------+
     * </pre>
     */
    private class Job<V extends @Nullable Object> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final long sequence = SEQUENCE.getAndIncrement();
        private final long period; // a rate if positive, a delay between two runs if negative
        private final AtomicBoolean left = new AtomicBoolean();
        private volatile long time;
        private volatile boolean handedOver;
        private volatile boolean begun;
        private volatile @Nullable Thread runner;
        private volatile @Nullable Future<?> ticket;

        Job(Callable<V> callable, long delay, long period) {
            super(callable);
            this.period = period;
            this.time = ticker.nanoTime() + Math.min(Math.max(0, delay), Long.MAX_VALUE >> 1);
        }

        final boolean hasBegun() {
            return begun;
        }

        @Override
        public boolean isPeriodic() {
            return period != 0;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(time - ticker.nanoTime(), TimeUnit.NANOSECONDS);
        }

        /** Orders by time, then by creation, so that only the same job compares as 0. */
        @Override
        public int compareTo(Delayed other) {
            if (other instanceof TimedExecutor.Job<?> job && job.ticker() == ticker) {
                long earlier = time - job.time; // the difference, since nanoseconds may overflow
                return earlier != 0 ? Long.signum(earlier) : Long.compare(sequence, job.sequence);
            }
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        private Ticker ticker() {
            return ticker;
        }

        final void arm() {
            handedOver = false;
            ticket = ticker.after(this::strike, time - ticker.nanoTime());
            if (isDone()) {
                done();
            }
        }

        private void strike() {
            try {
                handOver();
            } catch (RejectedExecutionException closed) { // treated as disposed of: no caller is left to be told
                cancel(false);
            }
        }

        final void handOver() {
            handedOver = true;
            try {
                executor.execute(this);
            } catch (Throwable refused) {
                leave();
                throw refused;
            }
        }

        @Override
        public final void run() {
            if (dropping) { // left to the thread that cancels all jobs, and gives this one back as never run
                handedOver = false;
                if (isDone()) {
                    leave();
                }
                return;
            }
            begun = true;
            runner = Thread.currentThread();
            boolean again = false;
            try {
                if (!isPeriodic()) {
                    super.run();
                } else {
                    again = !shutdown && runAndReset();
                    if (!again && !isDone()) {
                        cancel(false); // the thread that shuts down has not reached it yet
                    }
                }
            } finally {
                runner = null;
            }
            if (again) {
                time = period > 0 ? time + period : ticker.nanoTime() - period;
                arm();
            } else {
                leave();
            }
        }

        /** Cancels. A job that cancels itself is not interrupted: the interrupt would hit what its thread does next. */
        @Override
        public final boolean cancel(boolean mayInterrupt) {
            return super.cancel(mayInterrupt && runner != Thread.currentThread());
        }

        /** Cancels the pending timer, if the job was cancelled before its time: then no thread will run it. */
        @Override
        protected final void done() {
            Future<?> waiting = ticket;
            if (waiting != null) {
                waiting.cancel(false);
            }
            if (!handedOver) {
                leave();
            }
            tell();
        }

        /** Reports the end of the job to its observer. */
        void tell() {}

        final void leave() {
            if (left.compareAndSet(false, true)) {
                jobs.remove(this);
                terminateIfIdle();
            }
        }
    }

    /** A job of {@link #execute}: no future reports its failure. */
    private final class Untended extends Job<@Nullable Object> {
        Untended(Runnable command) {
            super(Executors.callable(command, null), 0, 0);
        }

        @Override
        protected void setException(Throwable failure) {
            super.setException(failure);
            Uncaught.report(failure);
        }
    }

    /** A job of {@link #submit(Callable, JobObserver)}. */
    private final class ObservedJob<V extends @Nullable Object> extends Job<V> {
        private final JobObserver<? super V> observer;

        ObservedJob(Callable<V> callable, JobObserver<? super V> observer) {
            super(callable, 0, 0);
            this.observer = observer;
        }

        @Override
        protected void setException(Throwable failure) {
            super.setException(failure);
        }

        @Override
        void tell() {
            try {
                if (!isCancelled()) {
                    tellHowItEnded();
                } else if (hasBegun()) {
                    observer.cancelled(new CancellationException("the scheduler has been disposed of, or the job has"));
                } else {
                    observer.cancelled(new RejectedExecutionException(DISPOSED));
                }
            } catch (Throwable ofTheObserver) {
                Uncaught.report(ofTheObserver);
            }
        }

        private void tellHowItEnded() throws InterruptedException {
            V result;
            try {
                result = get();
            } catch (ExecutionException failed) {
                Throwable failure = failed.getCause();
                observer.failed(failure == null ? failed : failure);
                return;
            }
            observer.succeeded(result);
        }
    }
}
