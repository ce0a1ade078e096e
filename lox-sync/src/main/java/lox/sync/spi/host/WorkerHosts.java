package lox.sync.spi.host;

import java.time.Duration;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import lox.sync.process.Machines;
import org.jspecify.annotations.Nullable;

/** Machines that can host the workers of pools. Safe for use from many threads. */
public interface WorkerHosts extends Machines {
    /**
     * A pool that looks for a host.
     *
     * @param name of the pool, for messages, threads and the list of processes
     * @param launch the options of each JVM to start, asked at every start: with what has to travel of this JVM's own
     * @param taskTimeout after that time a task's worker is killed; null if there is no limit. What a link says of
     *     started tasks is looked at in the rhythm of this
     * @param output makes what takes the lines of a worker, given the number of its process
     */
    record Pool(
            String name,
            Supplier<LaunchOptions> launch,
            @Nullable Duration taskTimeout,
            LongFunction<LineSink> output) {}

    /**
     * Makes the host of one pool. Starts nothing.
     *
     * @param pool whose workers it will start
     * @return the host
     */
    WorkerHost open(Pool pool);
}
