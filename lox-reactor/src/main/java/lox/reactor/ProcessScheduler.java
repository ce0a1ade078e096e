package lox.reactor;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.result.FailureText;
import lox.sync.internal.schedule.JobObserver;
import lox.sync.internal.schedule.RemoteExecutor;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A scheduler whose threads each have a child JVM at hand: operators run here as on any scheduler, and a function made
 * with {@link #remote} runs over there.
 *
 * <pre>{@code
 * ProcessScheduler jvms = ProcessScheduler.create(4);
 * Flux<byte[]> small = photos.parallel(4).runOn(jvms).map(jvms.remote(Thumbnails::render)).sequential();
 * }</pre>
 *
 * <p>At most as many tasks run at once as there are workers; the tasks of one {@link Scheduler.Worker} run one after
 * the other, in order. Delays and periods are kept. Disposing of a running task interrupts it, and kills the child JVM
 * if it waits for one, so that even an endless loop ends; the next task gets a new child. Children start at the first
 * call and end when they have been idle for half a minute, threads are daemons: nothing has to be disposed of.
 */
public final class ProcessScheduler implements Scheduler, Scannable {
    private final Workers workers;
    private final boolean own;
    private final RemoteExecutor executor;
    private final PoolScheduler scheduler;

    private ProcessScheduler(Workers workers, boolean own) {
        this.workers = workers;
        this.own = own;
        this.executor = new RemoteExecutor(EngineAccess.lanes(workers));
        this.scheduler = new PoolScheduler(
                executor.services(),
                "ProcessScheduler[" + workers.name() + "]",
                Math.max(1, EngineAccess.lanes(workers).limit()));
    }

    /**
     * Makes a scheduler with workers of its own, which are closed when it is disposed of.
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
     * @param workers processes; disposing of the scheduler leaves them alone
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
     * <p>It throws what the task throws, checked exceptions in Reactor's wrapper, which operators take off; an
     * {@link Error} as the cause of a {@link CompletionException}, since Reactor would take it for the end of this JVM;
     * a {@link lox.sync.process.WorkerCrashedException} if the child dies; a {@link CancellationException} if it was
     * killed because the task was disposed of; an {@link IllegalStateException} on a thread that must not block.
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
                return executor.call(work, argument, () -> !Schedulers.isInNonBlockingThread());
            } catch (InterruptedException killed) {
                CancellationException cancelled = new CancellationException(killed.getMessage());
                cancelled.initCause(killed);
                throw cancelled;
            } catch (Error ofTheChild) {
                throw new CompletionException(FailureText.of(ofTheChild), ofTheChild);
            } catch (Exception e) {
                throw Exceptions.propagate(e);
            }
        };
    }

    /**
     * Calls a function in a child JVM, once for each subscriber. Cancelling kills the child if it runs the function.
     *
     * @param task the function, serialisable with all it captures
     * @param argument what is passed to it
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the result; what the function threw; or a {@link NullPointerException} if it returned null
     * @throws NullPointerException if {@code task} is null
     */
    public <T extends @Nullable Object, R> Mono<R> call(Task<? super T, ? extends R> task, T argument) {
        Work<T, R> work = Objects.requireNonNull(task, "task")::call;
        return Mono.create(sink -> {
            AtomicBoolean left = new AtomicBoolean();
            Future<?> call = executor.start(work, argument, Schedulers::onSchedule, new Call<>(sink, left));
            sink.onDispose(() -> {
                left.set(true);
                call.cancel(true);
            });
        });
    }

    /** One subscriber's call. */
    private record Call<R>(MonoSink<R> sink, AtomicBoolean left) implements JobObserver<R> {
        @Override
        public void succeeded(R result) {
            if (result == null) {
                sink.error(new NullPointerException("the function returned null, which a Mono cannot carry"));
            } else {
                sink.success(result);
            }
        }

        @Override
        public void failed(Throwable failure) { // another JVM's OutOfMemoryError is no reason to give this one up
            sink.error(failure);
        }

        @Override
        public void cancelled(Throwable reason) {
            if (!left.get()) { // else it is but the echo of the subscriber's cancel
                sink.error(reason);
            }
        }
    }

    // ---- scheduling ------------------------------------------------------------------------------------------------

    @Override
    public Disposable schedule(Runnable task) {
        return scheduler.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return scheduler.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return scheduler.schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        return scheduler.createWorker();
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /**
     * Does nothing: a scheduler is ready when it is made.
     *
     * @throws IllegalStateException if this scheduler has been disposed of, since it cannot be started again
     */
    @Override
    public void init() {
        scheduler.init();
    }

    /**
     * Refuses what comes with a {@link java.util.concurrent.RejectedExecutionException}, drops what waits, interrupts
     * what runs and kills its child JVM. It cannot be started again. Closing the {@link Workers} does the same to every
     * scheduler over them.
     *
     * <p>A {@link #call} that waits for a worker ends with a {@code RejectedExecutionException}, one under way with a
     * {@link CancellationException}. As with Reactor's own schedulers, an operator whose task is dropped gives no
     * further signal.
     */
    @Override
    public void dispose() {
        scheduler.dispose();
        if (own) {
            workers.close();
        }
    }

    /**
     * Refuses what comes, ends what repeats, and waits for the rest, running, queued and delayed.
     *
     * @return on subscription begins the end; completes when no task runs any more. Cancelling it, by a timeout for
     *     example, stops waiting and nothing else; {@link #dispose} then ends what is left
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for the close
    public Mono<Void> disposeGracefully() {
        Mono<Void> terminated = scheduler.disposeGracefully();
        if (!own) {
            return terminated;
        }
        return Mono.defer(() -> {
            executor.services().shutdown();
            executor.services().termination().thenRun(workers::close);
            return terminated;
        });
    }

    @Override
    public boolean isDisposed() {
        return scheduler.isDisposed();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        return scheduler.scanUnsafe(key);
    }

    @Override
    public String toString() {
        return scheduler.toString();
    }
}
