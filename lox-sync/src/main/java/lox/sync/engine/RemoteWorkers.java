package lox.sync.engine;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are not threads of this JVM. A lane borrows one of them for as long as it has work. May be called from any thread.
 */
public interface RemoteWorkers {
    /**
     * Lends a worker to the calling thread, which gives it back. Waits while one starts.
     *
     * @param wanted asked while it waits; false means that the caller has lost interest
     * @return a worker; null if it was no longer wanted
     * @throws RuntimeException if none can be started; tried several times
     */
    @Nullable
    RemoteWorker lend(BooleanSupplier wanted);

    /**
     * Tells whether a task that failed in this way is to be run again.
     *
     * @param failure what {@link RemoteRun#result} threw
     * @param before how many times that has happened to it before
     * @return true for a crash that the options forgive
     */
    boolean mayRetry(Throwable failure, int before);

    /** Ends all workers: idle ones politely, lent ones when they come back. */
    void close();
}
