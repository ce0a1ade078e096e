package lox.sync.internal.process;

import lox.sync.spi.host.WorkerHost;
import lox.sync.spi.host.WorkerHosts;

/** Worker processes of this machine, for a pool of another one. */
public final class LocalWorkers {
    private LocalWorkers() {}

    /**
     * Makes the host of a pool whose program is elsewhere. A worker has the classes of lox-sync and no others of this
     * JVM, and asks for what it lacks over its link.
     *
     * @param pool whose workers it will start
     * @return the host
     */
    public static WorkerHost of(WorkerHosts.Pool pool) {
        return new LocalWorkerHost(pool, ProgramOrigin.OTHER_MACHINE);
    }
}
