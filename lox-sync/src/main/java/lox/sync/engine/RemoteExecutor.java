package lox.sync.engine;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the schedulers over worker processes stand on: jobs run on threads of this JVM, in the places of a {@link LanePool}, and each
 * place can call functions in a worker process, which it borrows at its first call and gives back at its end. So never more processes are
 * in use than there are places, whoever else uses the pool.
 *
 * <p>Where the pool has no processes, because it runs all in the caller's thread, functions are called in the thread they are in.
 */
public final class RemoteExecutor implements Executor {
    /** Of the job that the current thread is in. */
    private static final ThreadLocal<@Nullable Place> PLACE = new ThreadLocal<>();

    private record Place(RemoteExecutor executor, RemoteLane lane) {}

    private final LanePool pool;

    /**
     * Makes an executor.
     *
     * @param pool of processes, or inline
     * @throws IllegalArgumentException if the pool has other workers
     */
    public RemoteExecutor(LanePool pool) {
        if (pool.remote() == null && !pool.isInline()) {
            throw new IllegalArgumentException("workers must be processes, but \"" + pool.name() + "\" are not");
        }
        this.pool = pool;
    }

    /**
     * Runs a job as soon as there is a place.
     *
     * @param job the job
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
     */
    @Override
    public void execute(Runnable job) {
        pool.execute(() -> runInPlace(job));
    }

    private void runInPlace(Runnable job) {
        RemoteWorkers workers = pool.remote();
        if (workers == null) {
            job.run();
            return;
        }
        try (RemoteLane own = new RemoteLane(workers)) {
            PLACE.set(new Place(this, own));
            job.run();
        } finally {
            PLACE.remove();
            Thread.interrupted(); // it was meant for that job
        }
    }

    boolean isContended() {
        return pool.isContended();
    }

    /**
     * An executor with a clock, for jobs that run at the same time, as far as there are places.
     *
     * @return a new one; its end is not the pool's
     */
    public ScheduledExecutorService newService() {
        return new TimedExecutor(this);
    }

    /**
     * An executor with a clock, for jobs that run one after the other.
     *
     * @return a new one; its end is not the pool's
     */
    public ScheduledExecutorService newSerialService() {
        return new TimedExecutor(new SerialExecutor(this));
    }

    /**
     * Calls a function in a worker process and waits for the result: in the process that belongs to the job the calling thread is in,
     * or if it is in none, in the next that is free. If the thread is interrupted, the process is killed.
     *
     * @param work the function
     * @param argument what is passed to it
     * @param mayBlock whether the calling thread may wait for a place
     * @param <A> the type of the argument
     * @param <R> the type of the result
     * @return the result
     * @throws IllegalStateException if the calling thread is in no job, and must not block
     * @throws InterruptedException if the thread was interrupted while it waited
     * @throws Exception what the function threw, or why it has no result
     */
    public <A extends @Nullable Object, R extends @Nullable Object> R call(
            Work<A, R> work, A argument, BooleanSupplier mayBlock) throws Exception {
        Place place = PLACE.get();
        if (place != null && place.executor == this) {
            return place.lane.call(work, argument);
        }
        if (pool.isInline()) {
            return work.run(argument);
        }
        if (!mayBlock.getAsBoolean()) {
            throw new IllegalStateException("a function of \"" + pool.name() + "\" was called on thread "
                    + Thread.currentThread().getName()
                    + ", which must not wait for it: call it on the scheduler's own threads");
        }
        FutureTask<R> elsewhere = new FutureTask<>(() -> call(work, argument, () -> false));
        execute(elsewhere);
        try {
            return elsewhere.get();
        } catch (InterruptedException e) {
            elsewhere.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable failure = e.getCause();
            if (failure instanceof Error error) {
                throw error;
            }
            throw failure instanceof Exception exception ? exception : e;
        }
    }
}
