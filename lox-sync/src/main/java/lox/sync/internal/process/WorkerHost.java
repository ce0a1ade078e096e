package lox.sync.internal.process;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import lox.sync.process.WorkerCrashedException;
import org.jspecify.annotations.Nullable;

/**
 * The place where the workers of one pool run: starts a worker and gives the connection to it. {@link LocalWorkerHost}
 * starts child JVMs on this machine; other machines are another implementation. Safe for use from many threads.
 */
interface WorkerHost {
    /**
     * Starts a worker and waits until it is connected.
     *
     * @param number the worker's number, unique in its pool
     * @param wanted asked while the host waits for room; false means that the caller has lost interest
     * @return the connection, which the caller closes after the worker's end; null if the worker was no longer wanted
     * @throws WorkerCrashedException if the worker ended before it was connected
     * @throws IOException if no worker could be started
     */
    @Nullable
    WorkerLink start(int number, BooleanSupplier wanted) throws IOException;
}
