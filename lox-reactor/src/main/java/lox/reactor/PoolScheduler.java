package lox.reactor;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.schedule.ScheduledServices;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * {@link ScheduledServices} as a scheduler of Reactor's. Reactor's own schedulers over these executors run the hooks
 * and handle failures of tasks.
 */
final class PoolScheduler implements Scheduler, Scannable {
    private final ScheduledServices services;
    private final String name;
    private final int capacity;
    private final Scheduler direct;

    /**
     * Makes a scheduler.
     *
     * @param capacity how many tasks run at once
     */
    PoolScheduler(ScheduledServices services, String name, int capacity) {
        this.services = services;
        this.name = name;
        this.capacity = capacity;
        this.direct = Schedulers.fromExecutorService(services.direct(), name);
    }

    // ---- scheduling ------------------------------------------------------------------------------------------------

    @Override
    public Disposable schedule(Runnable task) {
        return direct.schedule(Objects.requireNonNull(task, "task"));
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return direct.schedule(Objects.requireNonNull(task, "task"), delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return direct.schedulePeriodically(Objects.requireNonNull(task, "task"), initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        return new OrderedWorker(services.newSerial());
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    @Override
    public void init() {
        if (isDisposed()) {
            throw new IllegalStateException("Initializing a disposed scheduler is not permitted");
        }
    }

    @Override
    public void dispose() {
        services.shutdownNow();
    }

    @Override
    public Mono<Void> disposeGracefully() {
        return Mono.fromFuture(
                () -> {
                    services.shutdown();
                    CompletableFuture<Void> termination = services.termination();
                    return termination;
                },
                true);
    }

    @Override
    public boolean isDisposed() {
        return services.isShutdown();
    }

    // ---- what it tells ---------------------------------------------------------------------------------------------

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
            return isDisposed();
        }
        if (key == Attr.CAPACITY) {
            return capacity;
        }
        if (key == Attr.BUFFERED) {
            return services.size();
        }
        if (key == Attr.LARGE_BUFFERED) {
            return (long) services.size();
        }
        return key == Attr.NAME ? name : null;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Reactor's own worker over an executor of its own. */
    private final class OrderedWorker implements Worker, Scannable {
        private final ScheduledExecutorService oneByOne;
        private final Worker worker;

        OrderedWorker(ScheduledExecutorService oneByOne) {
            this.oneByOne = oneByOne;
            this.worker = Schedulers.fromExecutorService(oneByOne, name).createWorker();
        }

        @Override
        public Disposable schedule(Runnable task) {
            return worker.schedule(Objects.requireNonNull(task, "task"));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return worker.schedule(Objects.requireNonNull(task, "task"), delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return worker.schedulePeriodically(Objects.requireNonNull(task, "task"), initialDelay, period, unit);
        }

        @Override
        public void dispose() {
            worker.dispose();
            oneByOne.shutdownNow();
        }

        @Override
        public boolean isDisposed() {
            return worker.isDisposed();
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
                return isDisposed();
            }
            if (key == Attr.CAPACITY) {
                return 1;
            }
            if (key == Attr.PARENT) {
                return PoolScheduler.this;
            }
            return key == Attr.NAME ? name + ".worker" : Scannable.from(worker).scanUnsafe(key);
        }

        @Override
        public String toString() {
            return name + ".worker";
        }
    }
}
