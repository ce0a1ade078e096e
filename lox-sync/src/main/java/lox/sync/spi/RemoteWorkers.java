package lox.sync.spi;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are not threads of this JVM. A lane borrows one of them for as long as it has work. May be called from
 * any thread.
 */
public interface RemoteWorkers {
    /**
     * Lends a worker to the calling thread, which gives it back. Waits while one starts.
     *
     * @param wanted asked while waiting; false means that the caller no longer wants a worker
     * @return a worker; null if it was no longer wanted
     * @throws RuntimeException if none can be started after several tries
     */
    @Nullable
    RemoteWorker lend(BooleanSupplier wanted);

    /**
     * Whether a task that failed in this way should run again.
     *
     * @param failure what {@link RemoteRun#result} threw
     * @param before how many times that has happened to the task before
     * @return true for a crash that the options allow to be retried
     */
    boolean mayRetry(Throwable failure, int before);

    /**
     * Whether a task has failed because its worker crashed.
     *
     * @param failure what {@link RemoteRun#result} threw
     * @return true if so
     */
    default boolean isCrash(Throwable failure) {
        return false;
    }

    /** Shuts down all workers: idle ones in an orderly way, lent ones when they are given back. */
    void close();
}
