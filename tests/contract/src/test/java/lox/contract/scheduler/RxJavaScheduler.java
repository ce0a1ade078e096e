package lox.contract.scheduler;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import lox.rxjava.Lox;
import lox.rxjava.ProcessScheduler;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;

/** A scheduler of RxJava's. */
final class RxJavaScheduler implements SubjectScheduler {
    private final Workers workers;
    private final Scheduler scheduler;
    private final @Nullable ProcessScheduler processes;
    private final List<Throwable> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicBoolean disposed = new AtomicBoolean();

    RxJavaScheduler(Workers workers, Source source) {
        this.workers = workers;
        this.processes = source == Source.PROCESSES ? ProcessScheduler.on(workers) : null;
        this.scheduler = processes == null ? Lox.on(workers, (Integer i) -> i).scheduler() : processes;
        RxJavaPlugins.setErrorHandler(failure -> told.add(failure));
        RxJavaPlugins.setScheduleHandler(task -> {
            seen.incrementAndGet();
            return task;
        });
    }

    /** RxJava refuses by a Disposable that is disposed of, always the same. */
    private static Handle handle(Disposable disposable) {
        if (disposable == Disposable.disposed()) {
            throw new RejectedExecutionException("refused");
        }
        return new Scheduled(disposable);
    }

    private record Scheduled(Disposable disposable) implements Handle {
        @Override
        public void dispose() {
            disposable.dispose();
        }

        @Override
        public boolean isDisposed() {
            return disposable.isDisposed();
        }
    }

    private record Direct(Scheduler scheduler, AtomicBoolean disposed) implements Target {
        @Override
        public Handle schedule(Runnable task, long delay, long period) {
            if (period != ONCE) {
                return handle(scheduler.schedulePeriodicallyDirect(task, delay, period, TimeUnit.MILLISECONDS));
            }
            return handle(
                    delay == 0
                            ? scheduler.scheduleDirect(task)
                            : scheduler.scheduleDirect(task, delay, TimeUnit.MILLISECONDS));
        }

        @Override
        public void dispose() {
            disposed.set(true);
            scheduler.shutdown();
        }

        @Override
        public boolean isDisposed() {
            return disposed.get();
        }
    }

    private record OfWorker(Scheduler.Worker worker) implements Target {
        @Override
        public Handle schedule(Runnable task, long delay, long period) {
            if (period != ONCE) {
                return handle(worker.schedulePeriodically(task, delay, period, TimeUnit.MILLISECONDS));
            }
            return handle(delay == 0 ? worker.schedule(task) : worker.schedule(task, delay, TimeUnit.MILLISECONDS));
        }

        @Override
        public void dispose() {
            worker.dispose();
        }

        @Override
        public boolean isDisposed() {
            return worker.isDisposed();
        }
    }

    @Override
    public Workers workers() {
        return workers;
    }

    @Override
    public Target direct() {
        return new Direct(scheduler, disposed);
    }

    @Override
    public Target newWorker() {
        return new OfWorker(scheduler.createWorker());
    }

    @Override
    public <R> CompletableFuture<R> call(Task<Integer, R> task, int argument) {
        if (processes == null) {
            throw new UnsupportedOperationException("only a ProcessScheduler calls");
        }
        return processes.<Integer, R>call(task, argument).toCompletionStage().toCompletableFuture();
    }

    @Override
    public <R> CompletableFuture<List<R>> pipeline(int elements, Callable<R> step) {
        return Flowable.range(0, elements)
                .flatMap(i -> Flowable.fromCallable(step).subscribeOn(scheduler), 16)
                .observeOn(scheduler)
                .toList()
                .toCompletionStage()
                .toCompletableFuture();
    }

    @Override
    public List<Throwable> told() {
        return told;
    }

    @Override
    public int seen() {
        return seen.get();
    }

    @Override
    public void reset() {
        RxJavaPlugins.reset();
    }
}
