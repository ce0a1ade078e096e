package lox.sync.internal.schedule;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import lox.sync.internal.result.FailureText;
import lox.sync.internal.result.Unchecked;
import lox.sync.spi.RemoteRun;
import lox.sync.spi.RemoteWorker;
import lox.sync.spi.RemoteWorkers;
import lox.sync.spi.Work;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other in a {@link RemoteWorker}, for a caller that waits for each. It borrows a worker when
 * it first needs one, keeps it, and replaces it when it is gone. Any thread may call, one at a time.
 */
public final class RemoteLane implements AutoCloseable {
    private final RemoteWorkers workers;
    private @Nullable RemoteWorker worker;

    /**
     * Creates a lane without a worker.
     *
     * @param workers where tasks run
     */
    public RemoteLane(RemoteWorkers workers) {
        this.workers = workers;
    }

    /**
     * Runs a function in the worker and waits for the result. If the thread is interrupted, the worker is killed.
     *
     * @param work the function
     * @param argument what is passed to it
     * @param <A> the type of the argument
     * @param <R> the type of the result
     * @return the result
     * @throws InterruptedException if the thread was interrupted while it waited
     * @throws CancellationException if the workers were closed
     * @throws Exception what the function threw, or why it has no result
     */
    public synchronized <A extends @Nullable Object, R extends @Nullable Object> R call(Work<A, R> work, A argument)
            throws Exception {
        for (int crashes = 0; ; ) {
            RemoteRun run = send(work, argument);
            boolean interrupted = false;
            while (run.settled() == 0 && run.limit() > 0) {
                run.await(0, 1);
                if (run.settled() == 0 && run.limit() > 0 && !interrupted) {
                    interrupted = true;
                    run.stop();
                }
            }
            if (interrupted) {
                throw new InterruptedException("interrupted while a task ran in another process, which was killed");
            }
            if (run.settled() == 1) {
                try {
                    return Unchecked.cast(run.result(0));
                } catch (Throwable failure) {
                    if (!workers.mayRetry(failure, crashes)) {
                        throw thrown(failure);
                    }
                    crashes++;
                }
            }
        }
    }

    private RemoteRun send(Work<?, ?> work, @Nullable Object argument) throws InterruptedException {
        RemoteWorker lent = worker;
        if (lent == null || !lent.isUsable()) {
            close();
            lent = workers.lend(() -> !Thread.currentThread().isInterrupted());
            if (lent == null) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted before the task was sent to another process");
                }
                throw new CancellationException("the workers are closed");
            }
            worker = lent;
        }
        BooleanSupplier giveUp = Thread.currentThread()::isInterrupted; // another thread may ask
        RemoteRun run = lent.open(work, 1, giveUp);
        run.add(argument);
        run.send(giveUp);
        return run;
    }

    private static Exception thrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception
                ? exception
                : new IllegalStateException(FailureText.of(failure), failure);
    }

    /** Gives the worker back. Idempotent; a later {@link #call} borrows a worker again. */
    @Override
    public synchronized void close() {
        RemoteWorker lent = worker;
        worker = null;
        if (lent != null) {
            lent.giveBack();
        }
    }
}
