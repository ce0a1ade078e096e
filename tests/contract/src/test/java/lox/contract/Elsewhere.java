package lox.contract;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests' tasks, which may block, for functions that must not: on threads of its own, so that what the function
 * returns ends later. A cancel interrupts the thread.
 */
final class Elsewhere {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(job -> {
        Thread thread = new Thread(job, "elsewhere");
        thread.setDaemon(true);
        return thread;
    });

    private Elsewhere() {}

    /** Calls a task. What it gives, or fails with, goes to one of the two. The future cancels it. */
    static <R extends @Nullable Object> Future<?> call(
            Callable<R> task, Consumer<? super R> onValue, Consumer<Throwable> onFailure) {
        FutureTask<@Nullable Void> job = new FutureTask<>(() -> {
            R value;
            try {
                value = task.call();
            } catch (Throwable failure) {
                onFailure.accept(failure);
                return null;
            }
            onValue.accept(value);
            return null;
        });
        THREADS.execute(job);
        return job;
    }
}
