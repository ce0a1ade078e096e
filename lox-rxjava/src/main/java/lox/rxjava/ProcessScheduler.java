package lox.rxjava;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleEmitter;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.functions.Function;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.result.FailureText;
import lox.sync.internal.schedule.JobObserver;
import lox.sync.internal.schedule.RemoteExecutor;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler whose threads each have a child JVM at hand: operators run here as on any scheduler, and a function made
 * with {@link #remote} runs over there.
 *
 * <pre>{@code
 * ProcessScheduler jvms = ProcessScheduler.create(4);
 * Flowable<byte[]> small = photos.parallel(4).runOn(jvms).map(jvms.remote(Thumbnails::render)).sequential();
 * }</pre>
 *
 * <p>At most as many tasks run at once as there are workers; the tasks of one {@link Scheduler.Worker} run one after
 * the other, in order. Delays and periods are kept. Disposing of a running task interrupts it, and kills the child JVM
 * if it waits for one, so that even an endless loop ends; the next task gets a new child. Children start at the first
 * call and end when they have been idle for half a minute, threads are daemons: nothing has to be shut down.
 */
public final class ProcessScheduler extends Scheduler {
    private final Workers workers;
    private final boolean own;
    private final RemoteExecutor executor;
    private final PoolScheduler scheduler;

    private ProcessScheduler(Workers workers, boolean own) {
        this.workers = workers;
        this.own = own;
        this.executor = new RemoteExecutor(EngineAccess.lanes(workers));
        this.scheduler = new PoolScheduler(executor.services(), "ProcessScheduler[" + workers.name() + "]");
    }

    /**
     * Makes a scheduler with workers of its own, which are closed when it is shut down.
     *
     * @param workers the most child JVMs, and tasks at once; 0 means that all runs in the caller's thread
     * @return the scheduler; no process is started yet
     * @throws IllegalArgumentException if {@code workers} is negative
     */
    public static ProcessScheduler create(int workers) {
        return new ProcessScheduler(Workers.processes(workers).build(), true);
    }

    /**
     * Makes a scheduler over workers that others may use too: together never more run at once than there are.
     *
     * @param workers processes; shutting the scheduler down leaves them alone
     * @return the scheduler; no process is started yet
     * @throws IllegalArgumentException if {@code workers} are no processes
     * @throws NullPointerException if {@code workers} is null
     */
    public static ProcessScheduler on(Workers workers) {
        return new ProcessScheduler(Objects.requireNonNull(workers, "workers"), false);
    }

    // ---- functions -------------------------------------------------------------------------------------------------

    /**
     * Makes a function that runs in a child JVM and waits for the result. On a thread of this scheduler, the child is
     * that thread's; on any other that may block, it is the next that is free.
     *
     * <p>It throws what the task throws; an {@link Error} as the cause of a {@link CompletionException}, since RxJava
     * would take it for the end of this JVM; a {@link lox.sync.process.WorkerCrashedException} if the child dies; a
     * {@link CancellationException} if it was killed because the task was disposed of; an {@link IllegalStateException}
     * on a thread that must not block.
     *
     * @param task the function, serialisable with all it captures
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function for {@code map} and the like
     * @throws NullPointerException if {@code task} is null
     */
    public <T extends @Nullable Object, R extends @Nullable Object> Function<T, R> remote(
            Task<? super T, ? extends R> task) {
        Work<T, R> work = Objects.requireNonNull(task, "task")::call;
        return argument -> {
            try {
                return executor.call(work, argument, RxJavaDialect.INSTANCE::mayBlock);
            } catch (InterruptedException killed) {
                CancellationException cancelled = new CancellationException(killed.getMessage());
                cancelled.initCause(killed);
                throw cancelled;
            } catch (Error ofTheChild) {
                throw new CompletionException(FailureText.of(ofTheChild), ofTheChild);
            }
        };
    }

    /**
     * Calls a function in a child JVM, once for each observer. Disposing kills the child if it runs the function.
     *
     * @param task the function, serialisable with all it captures
     * @param argument what is passed to it
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the result; what the function threw; or a {@link NullPointerException} if it returned null
     * @throws NullPointerException if {@code task} is null
     */
    public <T extends @Nullable Object, R> Single<R> call(Task<? super T, ? extends R> task, T argument) {
        Work<T, R> work = Objects.requireNonNull(task, "task")::call;
        return Single.create(emitter -> {
            Future<?> call = executor.start(work, argument, RxJavaPlugins::onSchedule, new Call<>(emitter));
            emitter.setDisposable(Disposable.fromFuture(call, true));
        });
    }

    /** One observer's call. */
    private record Call<R>(SingleEmitter<R> emitter) implements JobObserver<R> {
        @Override
        public void succeeded(R result) {
            if (result == null) {
                emitter.onError(new NullPointerException("the function returned null, which a Single cannot carry"));
            } else {
                emitter.onSuccess(result);
            }
        }

        @Override
        public void failed(Throwable failure) { // another JVM's OutOfMemoryError is no reason to give this one up
            emitter.onError(failure);
        }

        @Override
        @SuppressWarnings("CheckReturnValue") // refused if the observer was disposed of: then this is but the echo
        public void cancelled(Throwable reason) {
            emitter.tryOnError(reason);
        }
    }

    // ---- scheduling ------------------------------------------------------------------------------------------------

    @Override
    public Disposable scheduleDirect(Runnable task, long delay, TimeUnit unit) {
        return scheduler.scheduleDirect(task, delay, unit);
    }

    @Override
    public Disposable scheduleDirect(Runnable task) {
        return scheduler.scheduleDirect(task);
    }

    @Override
    public Worker createWorker() {
        return scheduler.createWorker();
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /**
     * Refuses what comes, drops what waits, interrupts what runs and kills its child JVM. It cannot be started again.
     * Closing the {@link Workers} does the same to every scheduler over them.
     *
     * <p>A task that is refused gets a disposed {@code Disposable}, and {@link RxJavaPlugins#onError} a
     * {@link java.util.concurrent.RejectedExecutionException}, except for what a worker refuses that has been disposed
     * of, or that was there when its scheduler ended. A {@link #call} that waits for a worker ends with a
     * {@code RejectedExecutionException}, one under way with a {@link CancellationException}. As with RxJava's own
     * schedulers, an operator whose task is dropped gives no further signal.
     */
    @Override
    public void shutdown() {
        scheduler.shutdown();
        if (own) {
            workers.close();
        }
    }

    @Override
    public String toString() {
        return scheduler.toString();
    }
}
