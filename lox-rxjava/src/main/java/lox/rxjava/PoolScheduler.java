package lox.rxjava;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.SchedulerRunnableIntrospection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import lox.sync.internal.schedule.ScheduledServices;
import org.jspecify.annotations.Nullable;

/** {@link ScheduledServices} as a scheduler of RxJava's. */
final class PoolScheduler extends Scheduler {
    private final ScheduledServices services;
    private final String name;

    PoolScheduler(ScheduledServices services, String name) {
        this.services = services;
        this.name = name;
    }

    @Override
    public Disposable scheduleDirect(Runnable task, long delay, TimeUnit unit) {
        Runnable decorated = RxJavaPlugins.onSchedule(task);
        try {
            return schedule(services.direct(), decorated, delay, unit);
        } catch (RejectedExecutionException closed) {
            RxJavaPlugins.onError(closed);
            return Disposable.disposed();
        }
    }

    @Override
    public Disposable scheduleDirect(Runnable task) {
        return scheduleDirect(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return new OrderedWorker(services.newSerial(), services.isShutdown());
    }

    @Override
    public void shutdown() {
        services.shutdownNow();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Disposable schedule(ScheduledExecutorService executor, Runnable task, long delay, TimeUnit unit) {
        ScheduledTask scheduled = new ScheduledTask(task);
        scheduled.future = delay <= 0 ? executor.submit(scheduled) : executor.schedule(scheduled, delay, unit);
        return scheduled;
    }

    /** One task that has been scheduled. */
    private static final class ScheduledTask implements Runnable, Disposable, SchedulerRunnableIntrospection {
        private final Runnable task;
        private volatile @Nullable Future<?> future; // null until it has been scheduled

        ScheduledTask(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run();
            } catch (Throwable failure) {
                if (!isEcho(failure)) {
                    RxJavaPlugins.onError(failure);
                }
            }
        }

        /** Whether the failure says no more than that the task was disposed of while it waited for a child JVM. */
        private boolean isEcho(Throwable failure) {
            Future<?> scheduled = future;
            return failure instanceof CancellationException
                    && failure.getCause() instanceof InterruptedException
                    && (scheduled == null || scheduled.isCancelled());
        }

        @Override
        public void dispose() {
            Future<?> scheduled = future;
            if (scheduled != null) {
                scheduled.cancel(true);
            }
        }

        @Override
        public boolean isDisposed() {
            Future<?> scheduled = future;
            return scheduled != null && scheduled.isDone();
        }

        @Override
        public Runnable getWrappedRunnable() {
            return task;
        }

        @Override
        public String toString() {
            return "ScheduledTask[" + (isDisposed() ? "disposed" : "scheduled") + ", " + task + "]";
        }
    }

    /** A worker; as one of RxJava's own schedulers, it is disposed of when its scheduler is shut down. */
    private final class OrderedWorker extends Worker {
        private final ScheduledExecutorService oneByOne;
        private final boolean late; // made after the end of the scheduler, by somebody that should be told of it

        OrderedWorker(ScheduledExecutorService oneByOne, boolean late) {
            this.oneByOne = oneByOne;
            this.late = late;
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            Runnable decorated = RxJavaPlugins.onSchedule(task);
            try {
                return PoolScheduler.schedule(oneByOne, decorated, delay, unit);
            } catch (RejectedExecutionException disposed) {
                if (late) {
                    RxJavaPlugins.onError(disposed);
                }
                return Disposable.disposed();
            }
        }

        @Override
        public void dispose() {
            oneByOne.shutdownNow();
        }

        @Override
        public boolean isDisposed() {
            return oneByOne.isShutdown();
        }

        @Override
        public String toString() {
            return name + ".worker";
        }
    }
}
