package lox.contract.scheduler;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import lox.reactor.Lox;
import lox.reactor.ProcessScheduler;
import lox.sync.Task;
import lox.sync.Workers;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A scheduler of Reactor's. */
final class ReactorScheduler implements SubjectScheduler {
    private static final String HOOK = "lox-contract";

    private final Workers workers;
    private final Scheduler scheduler;
    private final @Nullable ProcessScheduler processes;
    private final List<Throwable> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger seen = new AtomicInteger();

    ReactorScheduler(Workers workers, Source source) {
        this.workers = workers;
        this.processes = source == Source.PROCESSES ? ProcessScheduler.on(workers) : null;
        this.scheduler = processes == null ? Lox.on(workers, (Integer i) -> i).scheduler() : processes;
        Schedulers.onHandleError(HOOK, (thread, failure) -> told.add(failure));
        Schedulers.onScheduleHook(HOOK, task -> {
            seen.incrementAndGet();
            return task;
        });
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

    private record Direct(Scheduler scheduler) implements Target {
        @Override
        public Handle schedule(Runnable task, long delay, long period) {
            if (period != ONCE) {
                return new Scheduled(scheduler.schedulePeriodically(task, delay, period, TimeUnit.MILLISECONDS));
            }
            return new Scheduled(
                    delay == 0 ? scheduler.schedule(task) : scheduler.schedule(task, delay, TimeUnit.MILLISECONDS));
        }

        @Override
        public void dispose() {
            scheduler.dispose();
        }

        @Override
        public boolean isDisposed() {
            return scheduler.isDisposed();
        }
    }

    private record OfWorker(Scheduler.Worker worker) implements Target {
        @Override
        public Handle schedule(Runnable task, long delay, long period) {
            if (period != ONCE) {
                return new Scheduled(worker.schedulePeriodically(task, delay, period, TimeUnit.MILLISECONDS));
            }
            return new Scheduled(
                    delay == 0 ? worker.schedule(task) : worker.schedule(task, delay, TimeUnit.MILLISECONDS));
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
        return new Direct(scheduler);
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
        return processes.<Integer, R>call(task, argument).toFuture();
    }

    @Override
    public <R> CompletableFuture<List<R>> pipeline(int elements, Callable<R> step) {
        return Flux.range(0, elements)
                .flatMap(i -> Mono.fromCallable(step).subscribeOn(scheduler), 16)
                .publishOn(scheduler)
                .collectList()
                .toFuture();
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
        Schedulers.resetOnHandleError(HOOK);
        Schedulers.resetOnScheduleHook(HOOK);
    }
}
