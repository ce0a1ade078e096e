package lox.contract.scheduler;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import lox.sync.Workers;

/** A scheduler over workers, in either library, as the contract sees it. */
interface SubjectScheduler {
    /** No period. */
    long ONCE = -1;

    /** Something that was scheduled, or that schedules. */
    interface Handle {
        void dispose();

        boolean isDisposed();
    }

    /** What schedules: the scheduler itself, or one of its workers. */
    interface Target extends Handle {
        /** Schedules a task; times in milliseconds. A refusal is a {@link java.util.concurrent.RejectedExecutionException}. */
        Handle schedule(Runnable task, long delay, long period);

        default Handle schedule(Runnable task) {
            return schedule(task, 0, ONCE);
        }
    }

    /** How a scheduler is come by. */
    enum Source {
        /** {@code ProcessScheduler.on(workers)}. */
        PROCESSES,
        /** {@code scatter.scheduler()}. */
        SCATTER
    }

    Workers workers();

    Target direct();

    Target newWorker();

    /** Calls a function in a child JVM, and does not wait. */
    <R> CompletableFuture<R> call(lox.sync.Task<Integer, R> task, int argument);

    /** Runs a pipeline that moves on to the scheduler for each element. */
    <R> CompletableFuture<java.util.List<R>> pipeline(int elements, Callable<R> step);

    /** What the library's own hook for failures of tasks has been told. */
    java.util.List<Throwable> told();

    /** How many tasks the library's own hook for scheduling has seen. */
    int seen();

    /** Puts the library's hooks back. */
    void reset();
}
