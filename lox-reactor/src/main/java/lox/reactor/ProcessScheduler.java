package lox.reactor;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.engine.RemoteExecutor;
import lox.sync.engine.Work;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A scheduler whose threads each have a child JVM at hand: operators run here as on any scheduler, and a function made with
 * {@link #remote} runs over there.
 *
 * <pre>{@code
 * ProcessScheduler jvms = ProcessScheduler.create(4);
 * Flux<byte[]> small = photos.parallel(4).runOn(jvms).map(jvms.remote(Thumbnails::render)).sequential();
 * }</pre>
 *
 * <p>At most as many tasks run at once as there are workers; the tasks of one {@link Scheduler.Worker} run one after the other, in
 * order. Delays and periods are kept. Disposing of a running task interrupts it, and kills the child JVM if it waits for one, so that
 * even an endless loop ends; the next task gets a new child. Children start at the first call and end when they have been idle for
 * half a minute, threads are daemons: nothing has to be disposed of.
 */
public final class ProcessScheduler implements Scheduler, Scannable {
    private final Workers workers;
    private final boolean own;
    private final RemoteExecutor executor;
    private final Scheduler direct;
    private final Set<ScheduledExecutorService> serial = ConcurrentHashMap.newKeySet();
    private volatile boolean disposed;

    private ProcessScheduler(Workers workers, boolean own) {
        this.workers = workers;
        this.own = own;
        this.executor = new RemoteExecutor(workers.lanes());
        this.direct = Schedulers.fromExecutorService(executor.newService(), workers.name());
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
     * Makes a function that runs in a child JVM and waits for the result. On a thread of this scheduler, the child is that thread's;
     * on any other that may block, it is the next that is free.
     *
     * <p>It throws what the task throws, checked exceptions in Reactor's wrapper, which operators take off; an {@link Error} as the
     * cause of a {@link CompletionException}, since Reactor would take it for the end of this JVM; a
     * {@link lox.sync.process.WorkerCrashedException} if the child dies; a {@link CancellationException} if it was killed because the
     * task was disposed of; an {@link IllegalStateException} on a thread that must not block.
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
                throw new CompletionException(ofTheChild);
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
            AtomicBoolean cancelled = new AtomicBoolean();
            Disposable.Swap running = Disposables.swap();
            sink.onDispose(() -> {
                cancelled.set(true);
                running.dispose();
            });
            try {
                running.replace(schedule(() -> {
                    try {
                        R result = executor.call(work, argument, () -> true);
                        if (result == null) {
                            sink.error(
                                    new NullPointerException("the function returned null, which a Mono cannot carry"));
                        } else {
                            sink.success(result);
                        }
                    } catch (InterruptedException killed) {
                        if (!cancelled.get()) {
                            sink.error(killed);
                        }
                    } catch (Throwable failure) { // another JVM's OutOfMemoryError is no reason to give this one up
                        sink.error(failure);
                    }
                }));
            } catch (RuntimeException rejected) {
                sink.error(rejected);
            }
        });
    }

    // ---- scheduling ------------------------------------------------------------------------------------------------

    @Override
    public Disposable schedule(Runnable task) {
        return direct.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return direct.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return direct.schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        ScheduledExecutorService oneByOne = executor.newSerialService();
        serial.add(oneByOne);
        if (disposed) {
            oneByOne.shutdownNow();
            serial.remove(oneByOne);
        }
        return new OrderedWorker(oneByOne);
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Refuses what comes, drops what waits, interrupts what runs. It cannot be started again. */
    @Override
    public void dispose() {
        disposed = true;
        direct.dispose();
        serial.forEach(ScheduledExecutorService::shutdownNow);
        serial.clear();
        if (own) {
            workers.close();
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor has it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
            return disposed;
        }
        return key == Attr.NAME ? toString() : null;
    }

    @Override
    public String toString() {
        return "ProcessScheduler[" + workers.name() + "]";
    }

    /** Reactor's own worker over an executor of its own. */
    private final class OrderedWorker implements Worker {
        private final ScheduledExecutorService oneByOne;
        private final Worker worker;

        OrderedWorker(ScheduledExecutorService oneByOne) {
            this.oneByOne = oneByOne;
            this.worker =
                    Schedulers.fromExecutorService(oneByOne, workers.name()).createWorker();
        }

        @Override
        public Disposable schedule(Runnable task) {
            return worker.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return worker.schedule(task, delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return worker.schedulePeriodically(task, initialDelay, period, unit);
        }

        @Override
        public void dispose() {
            worker.dispose();
            oneByOne.shutdownNow();
            serial.remove(oneByOne);
        }

        @Override
        public boolean isDisposed() {
            return worker.isDisposed();
        }
    }
}
