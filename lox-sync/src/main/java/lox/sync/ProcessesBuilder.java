package lox.sync;

import java.io.ObjectInputFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import lox.sync.event.TaskListener;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.process.WorkerOptions;
import lox.sync.internal.process.WorkerPool;
import lox.sync.internal.time.WorkerThreads;
import lox.sync.process.Codec;
import lox.sync.process.Machines;
import lox.sync.process.OutputLine;
import lox.sync.spi.host.WorkerHosts;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: two thirds of it are documentation for users.
/**
 * Builds {@link Workers} that are processes. Every option can be set once. Not safe for use from many threads.
 *
 * <pre>{@code
 * Workers jvms = Workers.processes(4)
 *         .named("thumbnails")
 *         .maxHeap(256 << 20)
 *         .taskTimeout(Duration.ofSeconds(10))
 *         .build();
 * Scatter<Path, byte[]> thumbnail = Lox.on(jvms, Thumbnails::render);
 * }</pre>
 */
public final class ProcessesBuilder extends Workers.Builder {
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int RETRY_LOST = 3;
    private static final long LEAST_HEAP = 2L << 20;

    private @Nullable List<String> jvmArgs;
    private @Nullable Path javaExecutable;
    private @Nullable Map<String, String> env;
    private @Nullable Set<String> withoutEnv;
    private @Nullable Path workingDirectory;
    private @Nullable Task<? super Integer, ?> initializer;
    private @Nullable Duration idleTimeout;
    private @Nullable Codec codec;
    private @Nullable ObjectInputFilter resultFilter;
    private @Nullable Consumer<OutputLine> output;
    private int maxTasksPerWorker;
    private int retryCrashed = -1;
    private int retryLost = -1;
    private @Nullable Machines machines;
    private long maxHeap;

    ProcessesBuilder(int workers) {
        super("processes", workers, builder -> ((ProcessesBuilder) builder).pool());
    }

    private LanePool pool() {
        WorkerOptions options = new WorkerOptions(
                jvmArgs == null ? List.of() : jvmArgs,
                javaExecutable,
                env == null ? Map.of() : env,
                withoutEnv == null ? Set.of() : withoutEnv,
                workingDirectory,
                maxHeap,
                initializer == null ? null : initializer::call,
                maxTasksPerWorker == 0 ? Integer.MAX_VALUE : maxTasksPerWorker,
                idleTimeout == null ? IDLE_TIMEOUT : idleTimeout,
                taskTimeout(),
                Math.max(0, retryCrashed),
                retryLost < 0 ? RETRY_LOST : retryLost,
                machines,
                codec == null ? Codec.javaSerialization() : codec,
                resultFilter,
                output);
        return remotePool(WorkerThreads.platform(name()), new WorkerPool(observer(), options));
    }

    @Override
    public ProcessesBuilder named(String name) {
        super.named(name);
        return this;
    }

    @Override
    public ProcessesBuilder queueLimit(int limit) {
        super.queueLimit(limit);
        return this;
    }

    /**
     * Adds options of the {@code java} command, after those inherited from this JVM, so that these hold. Agents,
     * debuggers, memory and collector of this JVM are not inherited: an agent that has to be in the processes is named
     * here.
     *
     * @param options such as {@code -XX:+UseParallelGC} or {@code -Dkey=value}
     * @return this
     * @throws NullPointerException if {@code options} or one of them is null
     * @throws IllegalStateException if options have been set
     */
    public ProcessesBuilder jvmArgs(String... options) {
        List<String> checked = List.of(Objects.requireNonNull(options, "options"));
        checkUnset("jvmArgs", jvmArgs != null);
        jvmArgs = checked;
        return this;
    }

    /**
     * Sets environment variables, beside those inherited from this JVM. {@code JAVA_TOOL_OPTIONS},
     * {@code JDK_JAVA_OPTIONS} and {@code _JAVA_OPTIONS} are not inherited: what they say is among this JVM's own
     * options. Set here, they hold for the processes.
     *
     * @param variables names and values
     * @return this
     * @throws NullPointerException if {@code variables}, a name or a value is null
     * @throws IllegalStateException if variables have been set
     */
    public ProcessesBuilder env(Map<String, String> variables) {
        Map<String, String> checked = Map.copyOf(Objects.requireNonNull(variables, "variables"));
        checkUnset("env", env != null);
        env = checked;
        return this;
    }

    /**
     * Removes environment variables that would be inherited from this JVM, such as secrets. A variable that
     * {@link #env} sets is set all the same.
     *
     * @param names of the variables; one that is not there is no error
     * @return this
     * @throws NullPointerException if {@code names} or one of them is null
     * @throws IllegalStateException if names have been set
     */
    public ProcessesBuilder withoutEnv(String... names) {
        Set<String> checked = Set.copyOf(List.of(Objects.requireNonNull(names, "names")));
        checkUnset("withoutEnv", withoutEnv != null);
        withoutEnv = checked;
        return this;
    }

    /**
     * Sets which {@code java} command starts the processes. By default that is {@code bin/java} of the runtime image of
     * this JVM, which images made by {@code jpackage} do not have: without it no process can be started.
     *
     * @param java the command of a JDK or runtime image of the same version, with the modules that the tasks need; it
     *     has to be there when the first process starts
     * @return this
     * @throws NullPointerException if {@code java} is null
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder javaExecutable(Path java) {
        Objects.requireNonNull(java, "java");
        checkUnset("javaExecutable", javaExecutable != null);
        javaExecutable = java;
        return this;
    }

    /**
     * Sets where the processes run. By default that is where this JVM runs.
     *
     * @param directory has to exist when the first process starts
     * @return this
     * @throws NullPointerException if {@code directory} is null
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder workingDirectory(Path directory) {
        Objects.requireNonNull(directory, "directory");
        checkUnset("workingDirectory", workingDirectory != null);
        workingDirectory = directory;
        return this;
    }

    /**
     * Limits the heap of each process. By default the JVM chooses, as a rule a quarter of the machine's memory for
     * each.
     *
     * @param bytes at least 2 MiB
     * @return this
     * @throws IllegalArgumentException if it is less
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder maxHeap(long bytes) {
        if (bytes < LEAST_HEAP) {
            throw new IllegalArgumentException("maxHeap must be " + LEAST_HEAP + " bytes or more, but was " + bytes);
        }
        checkUnset("maxHeap", maxHeap != 0);
        maxHeap = bytes;
        return this;
    }

    /**
     * Runs something in each process before its first task: opens a connection, loads a model, keeps it in a static
     * field. A process in which it fails gets no task; it is tried again in another one, and meanwhile those that work
     * run all tasks. If none works after three attempts, the waiting tasks fail with a
     * {@link lox.sync.process.WorkerCrashedException}, whose cause is what it threw. It has no time limit: a process in
     * which it never ends gets no task either, and is ended with these workers, or after the {@link #idleTimeout}. If
     * there is no other process, its task waits.
     *
     * @param task gets the number of the process, from 1 on, which no other process of these workers has had; its
     *     result is thrown away
     * @return this
     * @throws NullPointerException if {@code task} is null
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder initialize(Task<? super Integer, ?> task) {
        Objects.requireNonNull(task, "task");
        checkUnset("initialize", initializer != null);
        initializer = task;
        return this;
    }

    /**
     * Replaces each process after so many tasks, which bounds what leaks in it. By default it never is.
     *
     * @param tasks at least 1
     * @return this
     * @throws IllegalArgumentException if it is less
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder maxTasksPerWorker(int tasks) {
        if (tasks < 1) {
            throw new IllegalArgumentException("maxTasksPerWorker must be 1 or more, but was " + tasks);
        }
        checkUnset("maxTasksPerWorker", maxTasksPerWorker != 0);
        maxTasksPerWorker = tasks;
        return this;
    }

    /**
     * Ends a process that has had no task for so long. By default that is half a minute.
     *
     * @param time more than nothing
     * @return this
     * @throws NullPointerException if {@code time} is null
     * @throws IllegalArgumentException if {@code time} is zero, negative, or more than 292 years
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder idleTimeout(Duration time) {
        checkTime("idleTimeout", time);
        checkUnset("idleTimeout", idleTimeout != null);
        idleTimeout = time;
        return this;
    }

    /**
     * Limits the time of a task. When it is over, the task's process is killed, and it alone has failed with a
     * {@link TaskTimeoutException}, whatever it does. The time begins when the process takes the task up. It may take
     * an eighth longer until it is noticed. A process that has tasks, and does nothing at all for twice the limit, 30
     * seconds at least, is killed too, and its tasks run in others. By default a task may take as long as it likes, and
     * so it may while debugging is switched on.
     *
     * @param limit more than nothing
     * @return this
     * @throws NullPointerException if {@code limit} is null
     * @throws IllegalArgumentException if {@code limit} is zero or negative
     * @throws IllegalStateException if a limit has been set
     */
    @Override
    public ProcessesBuilder taskTimeout(Duration limit) {
        super.taskTimeout(limit);
        return this;
    }

    /**
     * Runs a task again if it has failed, in whatever process is free, up to so many times. Otherwise as for threads;
     * crashes and timeouts are failures too. What a task has done before it failed is done twice.
     *
     * @param retries how many attempts a task may have after its first, 0 or more
     * @param retryable which failures are worth another attempt
     * @return this
     * @throws NullPointerException if {@code retryable} is null
     * @throws IllegalArgumentException if {@code retries} is negative
     * @throws IllegalStateException if retries have been set
     */
    @Override
    public ProcessesBuilder retry(int retries, Predicate<? super Throwable> retryable) {
        super.retry(retries, retryable);
        return this;
    }

    @Override
    public ProcessesBuilder retry(RetryPolicy policy) {
        super.retry(policy);
        return this;
    }

    @Override
    public ProcessesBuilder describeArguments(Function<Object, String> description) {
        super.describeArguments(description);
        return this;
    }

    @Override
    public ProcessesBuilder hideArguments() {
        super.hideArguments();
        return this;
    }

    @Override
    public ProcessesBuilder listeners(TaskListener... listeners) {
        super.listeners(listeners);
        return this;
    }

    private static void checkTime(String option, Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    option + " must be more than nothing, and less than 292 years, but was " + time);
        }
    }

    /**
     * Runs a task again if its process crashed while it ran. By default it fails with the
     * {@link lox.sync.process.WorkerCrashedException} at once. What the task had done by then is done twice.
     *
     * @param times how many more times, 0 or more
     * @return this
     * @throws IllegalArgumentException if {@code times} is negative
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder retryCrashed(int times) {
        if (times < 0) {
            throw new IllegalArgumentException("retryCrashed must be 0 or more, but was " + times);
        }
        checkUnset("retryCrashed", retryCrashed >= 0);
        retryCrashed = times;
        return this;
    }

    /**
     * Runs the processes on other machines, of which each says how many it takes. Nothing else changes; what travels
     * and what does not says the page on clusters. A path that is set here, such as {@link #workingDirectory}, is one
     * of the machine on which a process runs.
     *
     * @param machines such as a {@code lox.cluster.Cluster}; closed by the code that has made it, after these workers
     * @return this
     * @throws NullPointerException if {@code machines} is null
     * @throws IllegalArgumentException if {@code machines} was not made by a module of lox
     * @throws IllegalStateException if machines have been set
     */
    public ProcessesBuilder on(Machines machines) {
        Objects.requireNonNull(machines, "machines");
        if (!(machines instanceof WorkerHosts)) {
            throw new IllegalArgumentException("machines must be made by a module of lox, such as lox-cluster, but was "
                    + machines.getClass().getName());
        }
        checkUnset("on", this.machines != null);
        this.machines = machines;
        return this;
    }

    /**
     * Runs a task again, on another machine, if the one it was sent to was lost: killed, frozen, or cut off. By default
     * it has three more attempts, then it fails with a {@link lox.sync.process.WorkerLostException}. A task may have
     * run on the machine that was lost, so it may run more than once. With 0 no task runs twice: all tasks that were
     * sent to a machine that is lost, and whose results have not come, fail. Without effect unless processes run
     * {@linkplain #on on other machines}.
     *
     * @param times how many more times, 0 or more
     * @return this
     * @throws IllegalArgumentException if {@code times} is negative
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder retryLost(int times) {
        if (times < 0) {
            throw new IllegalArgumentException("retryLost must be 0 or more, but was " + times);
        }
        checkUnset("retryLost", retryLost >= 0);
        retryLost = times;
        return this;
    }

    /**
     * Exchanges what makes bytes of arguments and results. By default that is Java serialization. Numbers, strings and
     * arrays of primitives never need it; functions and exceptions travel by Java serialization always.
     *
     * @param codec writes and reads objects, here and in the processes
     * @return this
     * @throws NullPointerException if {@code codec} is null
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder codec(Codec codec) {
        Objects.requireNonNull(codec, "codec");
        checkUnset("codec", this.codec != null);
        this.codec = codec;
        return this;
    }

    /**
     * Filters what this JVM deserialises of what the processes send. What is rejected fails its task.
     *
     * @param filter as Java serialization uses it
     * @return this
     * @throws NullPointerException if {@code filter} is null
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder resultFilter(ObjectInputFilter filter) {
        Objects.requireNonNull(filter, "filter");
        checkUnset("resultFilter", resultFilter != null);
        resultFilter = filter;
        return this;
    }

    /**
     * Takes what the processes write to their standard output and standard error, line by line. By default that goes to
     * {@code System.out} and {@code System.err} of this JVM. A result comes after the listener has returned from all
     * lines that the task has printed before its end, unless it takes more than two seconds over one of them.
     *
     * @param listener called from threads of lox's, one line at a time for each stream of each process. What it throws
     *     goes to the uncaught handler
     * @return this
     * @throws NullPointerException if {@code listener} is null
     * @throws IllegalStateException if it has been set
     */
    public ProcessesBuilder output(Consumer<OutputLine> listener) {
        Objects.requireNonNull(listener, "listener");
        checkUnset("output", output != null);
        output = listener;
        return this;
    }
}
