package lox.rxjava;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import lox.sync.internal.pool.HookedExecutor;

/**
 * A scheduler of RxJava as an executor that tells when it rejects. RxJava's own answer to that is a disposed
 * Disposable, which is also what {@code trampoline} returns for a task it has run on the spot.
 */
record SchedulerExecutor(Scheduler scheduler) implements HookedExecutor {
    @Override
    public void execute(Runnable job) {
        AtomicBoolean started = new AtomicBoolean();
        Disposable disposable = scheduler.scheduleDirect(() -> {
            started.set(true);
            job.run();
        });
        if (disposable == Disposable.disposed() && !started.get()) {
            throw new RejectedExecutionException(scheduler + " has been shut down");
        }
    }
}
