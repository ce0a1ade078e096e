package lox.sync;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import java.util.function.Predicate;
import lox.sync.event.TaskListener;
import lox.sync.internal.access.SharedSecrets;
import lox.sync.internal.observe.PoolObserver;
import lox.sync.internal.pool.ArgumentDescription;
import lox.sync.internal.pool.HookedExecutor;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.pool.QueueLimit;
import lox.sync.internal.pool.RetrySettings;
import lox.sync.internal.pool.TaskPolicy;
import lox.sync.internal.process.ExecutorWorkers;
import lox.sync.internal.time.Durations;
import lox.sync.internal.time.WorkerThreads;
import lox.sync.spi.RemoteWorkers;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: two thirds of it are documentation for users.
/**
 * The workers that functions run on: of which kind, and how many at once. Immutable and safe for use from many threads.
 * One {@code Workers} may serve many functions, in any dialect; together they never run more than its number of tasks
 * at once, and long-running functions take turns.
 *
 * <p>Nothing needs to be closed. Threads are daemons, start on demand and end after a minute without work. So a program
 * whose {@code main} method ends while work is pending ends without it: gather before, or use {@link #shutdown()} and
 * {@link #awaitTermination}. Platform threads are shared by all {@code Workers} of the JVM: there are never more of
 * them than tasks at once. They inherit nothing from the thread that scatters, neither its
 * {@link InheritableThreadLocal}s nor its context class loader, which is the one that loaded lox.
 *
 * <pre>{@code
 * Workers network = Workers.threads(8).named("network").queueLimit(10_000).build();
 * Scatter<URI, String> fetch = Lox.on(network, Pages::fetch);
 * Scatter<URI, Integer> probe = Lox.on(network, Pages::probe);
 * }</pre>
 */
public final class Workers implements AutoCloseable {
    static {
        SharedSecrets.register(Workers.class, workers -> workers.lanes);
    }

    private final LanePool lanes;

    private Workers(LanePool lanes) {
        this.lanes = lanes;
    }

    /**
     * Platform threads.
     *
     * @param workers the most tasks at once; 0 means that each task runs in the thread that scatters it
     * @return a builder
     * @throws IllegalArgumentException if {@code workers} is negative
     */
    public static Builder threads(int workers) {
        return new Builder(
                "threads",
                LanePool.checkWorkers(workers),
                builder -> builder.pool(WorkerThreads.platform(builder.name()), () -> {}));
    }

    /**
     * Virtual threads, one for each task that runs at the same time.
     *
     * @param workers the most tasks at once; 0 means that each task runs in the thread that scatters it
     * @return a builder
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws UnsupportedOperationException if this JVM has no virtual threads, which come with Java 21
     */
    public static Builder virtual(int workers) {
        LanePool.checkWorkers(workers);
        WorkerThreads.checkVirtual();
        return new Builder(
                "virtual", workers, builder -> builder.pool(WorkerThreads.virtual(builder.name()), () -> {}));
    }

    /**
     * Threads of an executor of the user's. Lox hands it jobs, at most {@code workers} at once, and never shuts it
     * down: {@link Workers#shutdown} and {@link Workers#close} end the tasks alone. While it rejects, tasks fail with
     * its {@link java.util.concurrent.RejectedExecutionException}.
     *
     * <p>An {@link ExecutorService} may also throw away what it has accepted, as {@link ExecutorService#shutdownNow}
     * does, or a {@link ThreadPoolExecutor} whose own handler discards silently. Tasks then fail in the same way, some
     * seconds later: lox notices once the executor has terminated or, if it is a {@code ThreadPoolExecutor}, has
     * nothing left to do. Any other {@link Executor} cannot be asked for its state. It has to run each job that it
     * accepts; a gather waits for ever for a task whose job it throws away.
     *
     * <p>Jobs are handed to it from a thread of lox's own, with the context class loader of the one that scatters,
     * while that one waits: so a decorated executor, or an agent, carries the context of no scatter to the tasks of
     * another. A job that it would run in the thread that hands it over, as {@code Runnable::run} does, runs in the
     * one that scatters.
     *
     * @param executor runs the tasks
     * @param workers the most tasks at once; 0 means that each task runs in the thread that scatters it
     * @return a builder
     * @throws NullPointerException if {@code executor} is null
     * @throws IllegalArgumentException if {@code workers} is negative, or if the executor is known to throw jobs away
     *     silently
     */
    public static Builder executor(Executor executor, int workers) {
        Objects.requireNonNull(executor, "executor");
        checkKeeps(executor);
        return new Builder(
                executor instanceof HookedExecutor ? "scheduler" : "executor",
                LanePool.checkWorkers(workers),
                builder -> builder.poolOn(executor));
    }

    private static void checkKeeps(Executor executor) {
        if (executor instanceof ThreadPoolExecutor threads) {
            RejectedExecutionHandler policy = threads.getRejectedExecutionHandler();
            if (policy instanceof ThreadPoolExecutor.DiscardPolicy
                    || policy instanceof ThreadPoolExecutor.DiscardOldestPolicy) {
                throw new IllegalArgumentException("an executor with a "
                        + policy.getClass().getSimpleName()
                        + " throws jobs away silently, and a gather would wait for their results for ever;"
                        + " use an AbortPolicy or a CallerRunsPolicy");
            }
        }
    }

    /**
     * No threads: for functions that do not block, as {@code Lox.async} takes them. Such a function returns at once
     * what will end later, a {@link java.util.concurrent.CompletionStage} or a publisher. It is called in the thread
     * that scatters while fewer than {@code workers} calls are under way, and otherwise in the thread in which an
     * earlier call ends, or in one of lox's own after a timeout or a cancel.
     *
     * @param workers the most calls at once, each counted until what it returned has ended; at least 1
     * @return a builder
     * @throws IllegalArgumentException if {@code workers} is below 1
     */
    public static Builder async(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be 1 or more, but was " + workers);
        }
        return new Builder("async", workers, Builder::asynchronousPool);
    }

    /**
     * Processes: child JVMs of the same Java, class path and options as this one. What a task does there, a crash
     * included, touches nothing here, and cancelling it kills it. The function, its arguments and its results have to
     * be serialisable.
     *
     * <p>They start on demand, serve any number of functions and batches, one task at a time each, and end when they
     * have been idle for half a minute, or when this JVM ends, however it does.
     *
     * @param workers the most processes at once; 0 means that each task runs in the thread that scatters it
     * @return a builder
     * @throws IllegalArgumentException if {@code workers} is negative
     */
    public static ProcessesBuilder processes(int workers) {
        return new ProcessesBuilder(LanePool.checkWorkers(workers));
    }

    /**
     * An executor that runs callables in other JVMs, such as that of a data grid which you run already: Hazelcast's
     * {@code IExecutorService}, say. Lox hands it serialisable callables that hold several short tasks each, at most
     * {@code workers} at once, and never shuts it down.
     *
     * <p>This is weaker than {@linkplain #processes processes}, on this machine or on a cluster. The function, its
     * arguments and results have to be serialisable, and their classes and the same version of lox have to be there
     * already: they are looked for by the context class loader of the thread that the executor runs the callable in.
     * A task that ends its JVM takes a member of the grid with it. A cancel and a timeout interrupt the task, as far
     * as the executor passes {@link java.util.concurrent.Future#cancel cancel(true)} on; one that does not heed that
     * runs on, beside others. The time of {@link Builder#taskTimeout} begins when the executor takes the task, and so
     * includes the wait there.
     *
     * <p>If the executor does not take the tasks, they fail with a
     * {@link java.util.concurrent.RejectedExecutionException}; if it loses the callable, or cannot read it, its tasks
     * fail with a {@link lox.sync.process.WorkerLostException}, and each may have run. Nothing is run twice unless a
     * {@link Builder#retry} says so. An executor in which tasks of these workers wait for others needs room for both.
     *
     * @param executor runs the tasks; if it is one of this JVM, they work on copies of their arguments
     * @param workers the most callables at once, and so the most tasks at once; 0 means that each task runs in the
     *     thread that scatters it
     * @return a builder
     * @throws NullPointerException if {@code executor} is null
     * @throws IllegalArgumentException if {@code workers} is negative, or if the executor is known to throw jobs away
     *     silently
     */
    public static Builder cluster(ExecutorService executor, int workers) {
        Objects.requireNonNull(executor, "executor");
        checkKeeps(executor);
        return new Builder(
                "cluster",
                LanePool.checkWorkers(workers),
                builder -> builder.remotePool(
                        WorkerThreads.platform(builder.name()),
                        new ExecutorWorkers(builder.observer(), executor, builder.taskTimeout())));
    }

    /**
     * No workers at all: each task runs in the thread that scatters it, before {@code scatter} returns. A failure waits
     * for the gather all the same.
     *
     * @return a builder
     */
    public static Builder inline() {
        return new Builder("inline", 0, builder -> builder.pool(null, () -> {}));
    }

    /**
     * The name.
     *
     * @return as given to the builder, or one that was made up
     */
    public String name() {
        return lanes.name();
    }

    /**
     * Refuses new work from now on, and lets the rest finish: what was scattered and submitted, on its way through all
     * functions of a chain; maps that have begun, to the end of their sources; jobs of the schedulers over these
     * workers, but for what repeats. New work, also from inside a task, gets a
     * {@link java.util.concurrent.RejectedExecutionException}. Gathering goes on as ever. Does not wait; the second
     * time it does nothing.
     *
     * <p>Threads and child JVMs of lox do not keep a program alive. One whose {@code main} method ends while work is
     * pending waits here:
     *
     * <pre>{@code
     * workers.shutdown();
     * workers.awaitTermination(Duration.ofMinutes(1));
     * }</pre>
     */
    public void shutdown() {
        lanes.shutdown();
    }

    /**
     * Waits until these workers have been {@linkplain #shutdown() shut down} or closed and nothing is left to run. Then
     * their child JVMs end, too. A map that is never pulled to its end is waited for until it is closed or garbage.
     *
     * @param timeout the longest wait; if it is zero or negative, it only looks
     * @return false if it takes longer
     * @throws NullPointerException if {@code timeout} is null
     * @throws IllegalStateException if called from inside a task of these workers, which would wait for itself
     * @throws InterruptedException if the thread is interrupted meanwhile; what runs goes on
     */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        return lanes.awaitTermination(Durations.nanos(timeout));
    }

    /**
     * Tells whether new work is refused.
     *
     * @return true after {@link #shutdown()} or {@link #close()}
     */
    public boolean isShutdown() {
        return lanes.isShutdown();
    }

    /**
     * Tells whether new work is refused and nothing is left to run.
     *
     * @return true from then on
     */
    public boolean isTerminated() {
        return lanes.isTerminated();
    }

    /**
     * Cancels everything that was scattered and has not ended, and refuses what comes after with a
     * {@link java.util.concurrent.RejectedExecutionException}. Running tasks are interrupted, waiting gathers fail with
     * a {@link java.util.concurrent.CancellationException}. Results that are complete can still be gathered. Schedulers
     * over these workers, {@code ProcessScheduler} and {@code scatter.scheduler()} in Reactor and RxJava, end as when
     * they are disposed of. Does not wait; closing twice does nothing.
     */
    @Override
    public void close() {
        lanes.close();
    }

    /**
     * What these workers are at. Can be called at any time, by any thread; never waits, and disturbs no task. Takes
     * time in proportion to the number of tasks under way and of batches with tasks that wait.
     *
     * @return at this moment
     */
    public WorkersSnapshot snapshot() {
        return Snapshots.of(lanes);
    }

    LanePool lanes() {
        return lanes;
    }

    @Override
    public String toString() {
        String state = lanes.isInline()
                ? "inline"
                : "at most " + lanes.limit() + ", " + lanes.active() + " at work, " + lanes.pending() + " queued";
        return "Workers[" + lanes.name() + ", " + state + "]";
    }

    /** Builds {@link Workers}. Every option can be set once. Not safe for use from many threads. */
    public static sealed class Builder permits ProcessesBuilder {
        /** Makes what stands behind the workers. */
        @FunctionalInterface
        interface Kind {
            LanePool pool(Builder builder);
        }

        private final String description;
        private final int workers;
        private final Kind kind;
        private @Nullable String name;
        private int queueLimit;
        private @Nullable Duration taskTimeout;
        private @Nullable RetryPolicy retry;
        private @Nullable ArgumentDescription arguments;
        private @Nullable List<TaskListener> listeners;
        private @Nullable PoolObserver observer;

        Builder(String description, int workers, Kind kind) {
            this.description = description;
            this.workers = workers;
            this.kind = kind;
        }

        /**
         * Names the workers: while they work for these, threads are called {@code name-1}, {@code name-2} and so on;
         * messages use the name. By default a name is made up.
         *
         * @param name not blank
         * @return this
         * @throws NullPointerException if {@code name} is null
         * @throws IllegalArgumentException if {@code name} is blank
         * @throws IllegalStateException if a name has been set
         */
        public Builder named(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("name must not be empty");
            }
            checkUnset("named", this.name != null);
            this.name = name;
            return this;
        }

        /**
         * Makes {@code scatter} wait while so many scatters of its function have not started. By default it never
         * waits. A task that scatters to its own Workers does not wait, since it would wait for itself. A thread of
         * Reactor's or RxJava's that must not block gets a {@link QueueFullException} instead.
         *
         * @param limit at least 1
         * @return this
         * @throws IllegalArgumentException if {@code limit} is below 1
         * @throws IllegalStateException if a limit has been set
         */
        public Builder queueLimit(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("queueLimit must be 1 or more, but was " + limit);
            }
            checkUnset("queueLimit", queueLimit != 0);
            queueLimit = limit;
            return this;
        }

        /**
         * Limits the time of a task. When it is over, the task's thread is interrupted and the task has failed with a
         * {@link TaskTimeoutException}, whether or not it heeds the interrupt; one that does not keeps its worker until
         * it ends. A call of a function that does not block is cancelled instead. The time begins when a worker takes
         * the task up, not at {@code scatter}. It is kept to about a millisecond, and never cut short. By default a
         * task may take as long as it likes, and so it may while debugging is switched on.
         *
         * @param limit more than nothing
         * @return this
         * @throws NullPointerException if {@code limit} is null
         * @throws IllegalArgumentException if {@code limit} is zero or negative
         * @throws IllegalStateException if a limit has been set
         */
        public Builder taskTimeout(Duration limit) {
            if (Objects.requireNonNull(limit, "limit").isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("taskTimeout must be more than zero, but was " + limit);
            }
            checkUnset("taskTimeout", taskTimeout != null);
            taskTimeout = limit;
            return this;
        }

        /**
         * Runs a task again if it has failed, on the same worker and at once, up to so many times. Only the last
         * failure counts; the origin attached to it says which attempt it was. Each attempt has the
         * {@link #taskTimeout} for itself; one that is over and does not heed its interrupt for as long again, at
         * least 100 ms, is given up. What is cancelled is not tried again. By default every task has one attempt.
         *
         * @param retries how many attempts a task may have after its first, 0 or more
         * @param retryable which failures are worth another attempt, {@link TaskTimeoutException} and errors among
         *     them; called from many threads at once. If it throws, the task has failed, and what it threw is a
         *     suppressed exception
         * @return this
         * @throws NullPointerException if {@code retryable} is null
         * @throws IllegalArgumentException if {@code retries} is negative
         * @throws IllegalStateException if retries have been set
         */
        public Builder retry(int retries, Predicate<? super Throwable> retryable) {
            return retry(RetryPolicy.times(retries).on(retryable));
        }

        /**
         * Runs failed tasks again, as a policy says: at once, or after a time that grows from attempt to attempt and
         * during which no worker is held. Otherwise as {@link #retry(int, Predicate)} does.
         *
         * @param policy which failed tasks, how often, and when
         * @return this
         * @throws NullPointerException if {@code policy} is null
         * @throws IllegalStateException if retries have been set
         */
        public Builder retry(RetryPolicy policy) {
            Objects.requireNonNull(policy, "policy");
            checkUnset("retry", retry != null);
            retry = policy;
            return this;
        }

        /**
         * Puts the arguments of failed tasks into words, in the place of their {@code toString}. A suppressed exception
         * of each failure names the argument; use this to keep secrets out of it, or {@link #hideArguments}.
         *
         * <pre>{@code
         * Workers discreet = Workers.threads(8)
         *         .describeArguments(argument -> argument instanceof Login login ? login.user() : "-")
         *         .build();
         * }</pre>
         *
         * @param description gets an argument of any function that runs here, never null, each of the two of a
         *     {@link BiScatter} by itself, and in a chain what the function before has returned. It is called on a
         *     thread of lox's when somebody asks for the text, as printing the stack trace does; what it gives is cut
         *     to a thousand characters. If it throws, or takes longer than half a second, that costs the text and
         *     nothing else
         * @return this
         * @throws NullPointerException if {@code description} is null
         * @throws IllegalStateException if this or {@link #hideArguments} has been called
         */
        public Builder describeArguments(Function<Object, String> description) {
            Objects.requireNonNull(description, "description");
            checkUnset("describeArguments", arguments != null);
            arguments = ArgumentDescription.by(description);
            return this;
        }

        /**
         * Keeps the arguments of failed tasks out of their failures. By default a suppressed exception of each failure
         * names the argument.
         *
         * @return this
         * @throws IllegalStateException if this or {@link #describeArguments} has been called
         */
        public Builder hideArguments() {
            checkUnset("describeArguments", arguments != null);
            arguments = ArgumentDescription.HIDDEN;
            return this;
        }

        /**
         * Has listeners told of what happens in these workers: batches, tasks and worker processes, of every function
         * that runs here and in every dialect. By default there are none, which costs nothing.
         *
         * @param listeners called in this order, by the threads that work; one that throws is not called again
         * @return this
         * @throws NullPointerException if {@code listeners} or one of them is null
         * @throws IllegalStateException if listeners have been set
         */
        public Builder listeners(TaskListener... listeners) {
            Objects.requireNonNull(listeners, "listeners");
            for (int i = 0; i < listeners.length; i++) {
                Objects.requireNonNull(listeners[i], "listeners[" + i + "]");
            }
            checkUnset("listeners", this.listeners != null);
            this.listeners = List.of(listeners);
            return this;
        }

        /**
         * Builds the workers. No thread is started before the first scatter.
         *
         * @return the workers
         */
        public final Workers build() {
            if (name == null) {
                name = LanePool.nextName(description);
            }
            return new Workers(kind.pool(this));
        }

        static void checkUnset(String option, boolean set) {
            if (set) {
                throw new IllegalStateException(option + " has been set before");
            }
        }

        final String name() {
            return Objects.requireNonNull(name, "name");
        }

        private LanePool pool(@Nullable Executor executor, Runnable onClose) {
            return new LanePool(observer(), workers, waiting(), policy(), executor, onClose);
        }

        private LanePool asynchronousPool() {
            return LanePool.asynchronous(observer(), workers, waiting(), policy());
        }

        private LanePool poolOn(Executor executor) {
            return LanePool.onExecutor(observer(), workers, waiting(), policy(), executor);
        }

        final LanePool remotePool(Executor executor, RemoteWorkers remote) {
            return new LanePool(observer(), workers, waiting(), policy(), executor, remote);
        }

        /** The name, and the listeners. Made once: a listener that has thrown is called by nobody any more. */
        final PoolObserver observer() {
            PoolObserver known = observer;
            if (known == null) {
                known = new PoolObserver(name(), listeners == null ? List.of() : listeners);
                observer = known;
            }
            return known;
        }

        private QueueLimit waiting() {
            return queueLimit == 0 ? QueueLimit.NONE : new QueueLimit(queueLimit, QueueFullException::new);
        }

        /** Null if tasks may take as long as they like. */
        final @Nullable Duration taskTimeout() {
            return taskTimeout;
        }

        private TaskPolicy policy() {
            Duration limit = taskTimeout;
            RetryPolicy again = retry;
            return new TaskPolicy(
                    limit == null ? TaskPolicy.NO_TIMEOUT : Durations.nanos(limit),
                    limit == null
                            ? TaskPolicy.NONE.timeout()
                            : (index, task) -> new TaskTimeoutException(index, task, limit),
                    again == null ? RetrySettings.NONE : again.settings(),
                    arguments == null ? ArgumentDescription.DEFAULT : arguments);
        }
    }
}
