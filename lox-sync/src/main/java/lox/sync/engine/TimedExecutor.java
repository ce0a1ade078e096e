package lox.sync.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Gives an executor a clock, futures that interrupt, and an end. After {@link #shutdown()} what was accepted still runs, except
 * for what repeats; after {@link #shutdownNow()} nothing does, and what runs is interrupted. The executor itself is left alone.
 *
 * <p>No job runs where the time is kept.
 */
final class TimedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
    private final Executor executor;
    private final Ticker ticker;
    private final Set<Job<?>> jobs = ConcurrentHashMap.newKeySet();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile boolean shutdown;

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
            throw new RejectedExecutionException("the scheduler has been disposed of");
        }
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

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
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
        // Not isEmpty(): that adds up counters while they change, and may be right of no moment.
        if (shutdown && !jobs.iterator().hasNext()) {
            terminated.countDown();
        }
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }

    /**
     * One job, once or again and again.
     *
     * <pre>
     *   (accepted) --&gt; armed --time has come--&gt; handed over --&gt; running --&gt; (left)
     *                    ^ |                                       |
     *                    | +--cancelled--&gt; (left)                  |
     *                    +-----------------periodic----------------+
     * </pre>
     */
    private class Job<V extends @Nullable Object> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final long period; // above zero a rate, below zero a delay between two
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

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
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
            } catch (RejectedExecutionException closed) { // as a job that was disposed of: nobody is there to be told
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
            begun = true;
            runner = Thread.currentThread();
            boolean again = false;
            try {
                if (!isPeriodic()) {
                    super.run();
                } else {
                    again = !shutdown && runAndReset();
                    if (!again && !isDone()) {
                        cancel(false); // whoever shuts down has not come to it yet
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

        /** A job that ends itself is not interrupted: what it does next is none of this job's business. */
        @Override
        public final boolean cancel(boolean mayInterrupt) {
            return super.cancel(mayInterrupt && runner != Thread.currentThread());
        }

        /** Cancelled, perhaps while it was waiting for its time: then nobody will run it. */
        @Override
        protected final void done() {
            Future<?> waiting = ticket;
            if (waiting != null) {
                waiting.cancel(false);
            }
            if (!handedOver) {
                leave();
            }
        }

        final void leave() {
            if (left.compareAndSet(false, true)) {
                jobs.remove(this);
                terminateIfIdle();
            }
        }
    }

    /** A job of {@link #execute}: there is no future that could tell of its failure. */
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
}
