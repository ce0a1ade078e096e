package lox.sync.internal.process;

import java.io.ObjectInputFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import lox.sync.process.Codec;
import lox.sync.process.Machines;
import lox.sync.process.OutputLine;
import lox.sync.spi.Work;
import lox.sync.spi.host.LaunchOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of a pool of worker processes. Users set them on the builder of their workers.
 *
 * @param jvmArgs options of the {@code java} command, after the inherited ones
 * @param java the {@code java} command, or null for this JVM's
 * @param env environment variables, beside the inherited ones
 * @param withoutEnv names of environment variables that are not inherited
 * @param workingDirectory where they run, or null for this JVM's
 * @param maxHeapBytes of each worker, or 0 for the JVM's own choice
 * @param initializer run in each worker before its first task, with the worker's number; or null
 * @param maxTasksPerWorker after so many tasks a worker is replaced
 * @param idleTimeout after that time without a task a worker ends
 * @param taskTimeout after that time a task is killed, or null
 * @param retryCrashed how many times a task that takes its worker down is run again
 * @param retryLost how many times a task whose worker's machine is lost is run again; 0 also if it was sent only
 * @param machines where the workers run, or null for this machine
 * @param codec for what is not a primitive, a string or an array of primitives
 * @param resultFilter for what Java serialization reads from workers, or null
 * @param output takes the lines that workers write, or null for this JVM's own streams
 */
public record WorkerOptions(
        List<String> jvmArgs,
        @Nullable Path java,
        Map<String, String> env,
        Set<String> withoutEnv,
        @Nullable Path workingDirectory,
        long maxHeapBytes,
        @Nullable Work<Integer, ?> initializer,
        int maxTasksPerWorker,
        Duration idleTimeout,
        @Nullable Duration taskTimeout,
        int retryCrashed,
        int retryLost,
        @Nullable Machines machines,
        Codec codec,
        @Nullable ObjectInputFilter resultFilter,
        @Nullable Consumer<OutputLine> output) {
    LaunchOptions launch() {
        return new LaunchOptions(jvmArgs, java, env, withoutEnv, workingDirectory, maxHeapBytes);
    }
}
