package lox.sync.internal.schedule;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import lox.sync.internal.pool.LanePool;
import lox.sync.spi.RemoteWorkers;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * The executor behind the schedulers over worker processes. Jobs run on threads of this JVM, in the places of a
 * {@link LanePool}. Each place can call functions in a worker process, which it borrows at its first call and gives
 * back at its end. So never more processes are in use than there are places, even if the pool has other users.
 *
 * <p>If the pool has no processes, because it runs everything on the caller's thread, functions run on the calling
 * thread.
 */
public final class RemoteExecutor implements Executor {
    /** The place of the job that the current thread is in. */
    private static final ThreadLocal<@Nullable Place> PLACE = new ThreadLocal<>();

    /** A place; its lane is null if functions run on the calling thread. */
    private record Place(RemoteExecutor executor, @Nullable RemoteLane lane) {}

    private final LanePool pool;
    private final ScheduledServices services;

    /**
     * Creates an executor.
     *
     * @param pool of processes, or inline
     * @throws IllegalArgumentException if the pool has other workers
     */
    public RemoteExecutor(LanePool pool) {
        if (pool.remote() == null && !pool.isInline()) {
            throw new IllegalArgumentException("workers must be processes, but \"" + pool.name() + "\" are not");
        }
        this.pool = pool;
        this.services = ScheduledServices.over(pool, this);
    }

    /**
     * The scheduled executors that run their jobs here.
     *
     * @return always the same; calls are refused and cancelled as their jobs are
     */
    public ScheduledServices services() {
        return services;
    }

    /**
     * Runs a job as soon as there is a place.
     *
     * @param job the job
     * @throws RejectedExecutionException if the pool is closed
     */
    @Override
    public void execute(Runnable job) {
        pool.execute(() -> runInPlace(job));
    }

    private void runInPlace(Runnable job) {
        RemoteWorkers workers = pool.remote();
        if (workers == null) {
            Place outer = PLACE.get();
            PLACE.set(new Place(this, null));
            try {
                job.run();
            } finally {
                PLACE.set(outer);
            }
            return;
        }
        try (RemoteLane own = new RemoteLane(workers)) {
            PLACE.set(new Place(this, own));
            job.run();
        } finally {
            PLACE.remove();
            Thread.interrupted(); // the interrupt was meant for that job
        }
    }

    /**
     * Calls a function in a worker process, in a separate job, and does not wait.
     *
     * @param work the function
     * @param argument what is passed to it
     * @param hook decorates the job, as the library's own schedulers do
     * @param observer receives the end of the call in any case, even if the scheduler has been disposed of
     * @param <A> the type of the argument
     * @param <R> the type of the result
     * @return the call, to be cancelled, which kills the process if the function runs there
     */
    public <A extends @Nullable Object, R extends @Nullable Object> Future<?> start(
            Work<A, R> work, A argument, UnaryOperator<Runnable> hook, JobObserver<R> observer) {
        FutureTask<R> call = new FutureTask<>(() -> call(work, argument, () -> true));
        Runnable decorated = hook.apply(call);
        return services.observable()
                .submit(
                        () -> {
                            decorated.run();
                            if (!call.isDone()) {
                                throw new IllegalStateException("a schedule hook did not run the job it was given");
                            }
                            return result(call);
                        },
                        observer);
    }

    /**
     * Calls a function in a worker process and waits for the result. The process is that of the job the calling thread
     * is in or, outside a job, the next free one. If the thread is interrupted, the process is killed.
     *
     * @param work the function
     * @param argument what is passed to it
     * @param mayBlock whether the calling thread may wait for a place
     * @param <A> the type of the argument
     * @param <R> the type of the result
     * @return the result
     * @throws IllegalStateException if the calling thread is in no job, and must not block
     * @throws RejectedExecutionException if the scheduler was disposed of, or the pool closed, before
     * @throws java.util.concurrent.CancellationException if one of them happened meanwhile
     * @throws InterruptedException if the thread was interrupted while it waited
     * @throws Exception what the function threw, or why it has no result
     */
    public <A extends @Nullable Object, R extends @Nullable Object> R call(
            Work<A, R> work, A argument, BooleanSupplier mayBlock) throws Exception {
        Place place = PLACE.get();
        if (place != null && place.executor == this) {
            return place.lane == null ? work.run(argument) : place.lane.call(work, argument);
        }
        if (pool.isInline()) {
            if (services.isShutdown()) {
                throw new RejectedExecutionException(TimedExecutor.DISPOSED);
            }
            return work.run(argument);
        }
        if (!mayBlock.getAsBoolean()) {
            throw new IllegalStateException("a function of \"" + pool.name() + "\" was called on thread "
                    + Thread.currentThread().getName()
                    + ", which must not wait for it: call it on the scheduler's own threads");
        }
        Future<R> elsewhere = services.direct().submit(() -> call(work, argument, () -> false));
        try {
            return result(elsewhere);
        } catch (InterruptedException e) {
            elsewhere.cancel(true);
            throw e;
        }
    }

    private static <R extends @Nullable Object> R result(Future<R> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable failure = e.getCause();
            if (failure instanceof Error error) {
                throw error;
            }
            throw failure instanceof Exception exception ? exception : e;
        }
    }
}
