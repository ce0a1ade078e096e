package lox.sync.internal.schedule;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.PoolClient;
import lox.sync.internal.time.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The executors behind one scheduler of a reactive library: one for jobs scheduled directly, and one for each of the
 * scheduler's workers, which runs its jobs one after the other. All jobs run in places of one {@link LanePool}.
 *
 * <p>The executors end together: when the scheduler is disposed of, or when the pool is closed, whichever comes first.
 * Safe for use from many threads.
 */
public final class ScheduledServices implements PoolClient {
    private final LanePool pool;
    private final Executor places;
    private final Ticker ticker;
    private final TimedExecutor direct;
    private final Set<TimedExecutor> serial = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<@Nullable Void> termination = new CompletableFuture<>();
    private volatile boolean shutdown;

    private ScheduledServices(LanePool pool, Executor places) {
        this.pool = pool;
        this.places = places;
        // Inline jobs run on the thread that hands them over, which must not be the clock's.
        this.ticker = pool.runsOnCallingThread() ? Ticker.ELSEWHERE : Ticker.SYSTEM;
        this.direct = new TimedExecutor(places, ticker);
    }

    /**
     * Creates the executors of a scheduler.
     *
     * @param pool where their jobs run; the executors are shut down at once if it is closed
     * @return new executors
     */
    public static ScheduledServices over(LanePool pool) {
        return over(pool, pool);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    static ScheduledServices over(LanePool pool, Executor places) {
        ScheduledServices services = new ScheduledServices(pool, places);
        services.direct.termination().thenRun(services::terminateIfIdle);
        pool.register(services);
        return services;
    }

    // ---- executors -------------------------------------------------------------------------------------------------

    /**
     * The executor for jobs scheduled directly: they run concurrently, as far as there are places.
     *
     * @return always the same
     */
    public ScheduledExecutorService direct() {
        return direct;
    }

    TimedExecutor observable() {
        return direct;
    }

    /**
     * Creates the executor of one worker: its jobs run one after the other, in the order of submission. It has to be
     * shut down when the worker is disposed of.
     *
     * @return a new executor; one that refuses all jobs if these have been shut down
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    public ScheduledExecutorService newSerial() {
        TimedExecutor service =
                new TimedExecutor(new SerialExecutor(places, pool::isContended, System::nanoTime), ticker);
        serial.add(service);
        service.termination().thenRun(() -> {
            serial.remove(service);
            terminateIfIdle();
        });
        if (shutdown) {
            service.shutdownNow();
        }
        return service;
    }

    /**
     * The number of jobs that were accepted and have not ended.
     *
     * @return a snapshot
     */
    public int size() {
        int sum = direct.size();
        for (TimedExecutor service : serial) {
            sum += service.size();
        }
        return sum;
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Refuses new jobs and ends periodic ones. Accepted jobs still run. */
    @Override
    public void shutdown() {
        shutdown = true;
        direct.shutdown();
        serial.forEach(TimedExecutor::shutdown);
        terminateIfIdle();
    }

    @Override
    public void drop() {
        shutdown = true;
        direct.drop();
        serial.forEach(TimedExecutor::drop);
    }

    /** Refuses new jobs, drops waiting ones, and interrupts running ones. */
    @Override
    public void shutdownNow() {
        drop();
        direct.shutdownNow();
        serial.forEach(TimedExecutor::shutdownNow);
        terminateIfIdle();
    }

    /**
     * Whether new jobs are refused.
     *
     * @return true after the first shutdown, and after the pool's end
     */
    public boolean isShutdown() {
        return shutdown;
    }

    /**
     * The end of the last job.
     *
     * @return completes when all executors have been shut down and no job runs any more
     */
    public CompletableFuture<@Nullable Void> termination() {
        return termination;
    }

    @Override
    public boolean isTerminated() {
        return termination.isDone();
    }

    private void terminateIfIdle() {
        if (shutdown && direct.isTerminated() && !serial.iterator().hasNext()) {
            termination.complete(null);
        }
    }
}
