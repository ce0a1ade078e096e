package lox.sync.spi.host;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The place where the workers of one pool run: starts a worker and gives the connection to it. lox-sync starts child
 * JVMs on this machine; other machines are another implementation. Safe for use from many threads.
 */
public interface WorkerHost {
    /**
     * Starts a worker and waits until it is connected.
     *
     * @param number the worker's number, unique in its pool
     * @param wanted asked while the worker starts; false means that the caller has lost interest
     * @param wantsNew asked while the host waits for room; false means that a worker has become free meanwhile
     * @return the connection, which the caller closes after the worker's end; null if the worker is no longer wanted
     * @throws lox.sync.process.WorkerCrashedException if the worker ended before it was connected
     * @throws lox.sync.process.ClusterUnavailableException if there is no machine to start it on
     * @throws IOException if no worker could be started
     */
    @Nullable
    WorkerLink start(int number, BooleanSupplier wanted, BooleanSupplier wantsNew) throws IOException;
}
