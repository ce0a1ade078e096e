package lox.sync.internal.schedule;

import org.jspecify.annotations.Nullable;

/**
 * Receives the end of one job: exactly one of these methods is called, once, on the thread that ends the job.
 *
 * @param <R> the type of the result
 */
public interface JobObserver<R extends @Nullable Object> {
    /**
     * The job has succeeded.
     *
     * @param result the job's result
     */
    void succeeded(R result);

    /**
     * The job has failed, or was refused.
     *
     * @param failure what it threw, or a {@link java.util.concurrent.RejectedExecutionException}
     */
    void failed(Throwable failure);

    /**
     * The job was cancelled, or the executor was shut down before it had ended.
     *
     * @param reason a {@link java.util.concurrent.RejectedExecutionException} if the job never began, else a
     *     {@link java.util.concurrent.CancellationException}
     */
    void cancelled(Throwable reason);
}
