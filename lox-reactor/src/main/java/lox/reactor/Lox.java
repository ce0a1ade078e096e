package lox.reactor;

import java.util.Objects;
import lox.sync.BiTask;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.internal.adapter.EngineAccess;
import lox.sync.internal.pool.DebugSwitch;
import lox.sync.internal.pool.HookedExecutor;
import lox.sync.internal.pool.LanePool;
import lox.sync.internal.result.Unchecked;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;

// Longer than 350 lines: three quarters of it are documentation for users.
/**
 * Wraps a function so that its calls run side by side: the entry to lox for Project Reactor.
 *
 * <pre>{@code
 * Scatter<URI, String> fetch = Lox.thread(8, Pages::fetch);
 * uris.forEach(fetch::scatter);
 * Mono<List<String>> pages = fetch.gather();
 * }</pre>
 *
 * <p>A function of two arguments has entries of its own, {@code biThread} and so on: overloads would make every method
 * reference with overloads, such as {@code Files::readString}, ambiguous.
 *
 * <p>Every method here makes its own {@link Workers}, except {@code on} and {@code biOn}, which take yours, or your
 * scheduler. None starts a thread before the first scatter, and nothing has to be closed. When a program's {@code main}
 * ends, so does work that is pending: gather before, or use {@link Workers#shutdown} and
 * {@link Workers#awaitTermination}.
 *
 * <p>With {@code workers = 0}, or while the environment has {@code LOX_DEBUG=true} or the JVM runs with
 * {@code -Dlox.debug=true}, every task runs in the thread that scatters it, so that a debugger stops where you expect
 * it.
 */
public final class Lox {
    /** As many threads as Python's lox. */
    private static final int DEFAULT_THREADS = 50;

    private Lox() {}

    /**
     * Tells whether debugging is switched on: new workers run each task in the thread that scatters it.
     *
     * @return true if the JVM runs with {@code -Dlox.debug} or, where that is not set, the environment has
     *     {@code LOX_DEBUG=true}; {@code 1}, {@code t}, {@code yes}, {@code y} and {@code on} mean the same as
     *     {@code true}
     */
    public static boolean isDebugging() {
        return DebugSwitch.isOn();
    }

    /**
     * Runs a function on at most 50 threads.
     *
     * @param task the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> thread(
            Task<? super T, ? extends R> task) {
        return thread(DEFAULT_THREADS, task);
    }

    /**
     * Runs a function on threads.
     *
     * @param workers the most tasks at once; 0 means in the caller's thread
     * @param task the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> thread(
            int workers, Task<? super T, ? extends R> task) {
        return on(Workers.threads(workers).build(), task);
    }

    /**
     * Runs a function of two arguments on at most 50 threads.
     *
     * @param task the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biThread(BiTask<? super T, ? super U, ? extends R> task) {
        return biThread(DEFAULT_THREADS, task);
    }

    /**
     * Runs a function of two arguments on threads.
     *
     * @param workers the most tasks at once; 0 means in the caller's thread
     * @param task the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biThread(int workers, BiTask<? super T, ? super U, ? extends R> task) {
        return biOn(Workers.threads(workers).build(), task);
    }

    /**
     * Runs a function on at most 50 virtual threads, as many as {@code thread} has: what the tasks call bounds their
     * number, and that does not grow with cheaper threads.
     *
     * @param task the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws UnsupportedOperationException if this JVM has no virtual threads, which come with Java 21
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> virtual(
            Task<? super T, ? extends R> task) {
        return virtual(DEFAULT_THREADS, task);
    }

    /**
     * Runs a function on virtual threads.
     *
     * @param workers the most tasks at once, thousands if you like; 0 means in the caller's thread
     * @param task the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws UnsupportedOperationException if this JVM has no virtual threads, which come with Java 21
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> virtual(
            int workers, Task<? super T, ? extends R> task) {
        return on(Workers.virtual(workers).build(), task);
    }

    /**
     * Runs a function of two arguments on at most 50 virtual threads.
     *
     * @param task the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws UnsupportedOperationException if this JVM has no virtual threads, which come with Java 21
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biVirtual(BiTask<? super T, ? super U, ? extends R> task) {
        return biVirtual(DEFAULT_THREADS, task);
    }

    /**
     * Runs a function of two arguments on virtual threads.
     *
     * @param workers the most tasks at once, thousands if you like; 0 means in the caller's thread
     * @param task the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws UnsupportedOperationException if this JVM has no virtual threads, which come with Java 21
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biVirtual(int workers, BiTask<? super T, ? super U, ? extends R> task) {
        return biOn(Workers.virtual(workers).build(), task);
    }

    /**
     * Runs a function in child JVMs, at most one for each processor of this machine.
     *
     * @param task the function; it is serialised, with all that it captures
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> process(
            Task<? super T, ? extends R> task) {
        return process(Runtime.getRuntime().availableProcessors(), task);
    }

    /**
     * Runs a function in child JVMs.
     *
     * @param workers the most child JVMs, each of which runs one task at a time; 0 means in the caller's thread
     * @param task the function; it is serialised, with all that it captures
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> process(
            int workers, Task<? super T, ? extends R> task) {
        return on(Workers.processes(workers).build(), task);
    }

    /**
     * Runs a function of two arguments in child JVMs, at most one for each processor of this machine.
     *
     * @param task the function; it is serialised, with all that it captures
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biProcess(BiTask<? super T, ? super U, ? extends R> task) {
        return biProcess(Runtime.getRuntime().availableProcessors(), task);
    }

    /**
     * Runs a function of two arguments in child JVMs.
     *
     * @param workers the most child JVMs, each of which runs one task at a time; 0 means in the caller's thread
     * @param task the function; it is serialised, with all that it captures
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biProcess(int workers, BiTask<? super T, ? super U, ? extends R> task) {
        return biOn(Workers.processes(workers).build(), task);
    }

    /**
     * Wraps a function that does not block: it returns at once a {@code Mono}, or another publisher. At most so
     * many calls are under way, each counted until what it returned has ended; no thread is held meanwhile.
     *
     * <pre>{@code
     * Scatter<URI, String> fetch = Lox.async(100, uri -> client.get().uri(uri).retrieve().bodyToMono(String.class));
     * Flux<String> pages = uris.transform(fetch::map); // in order
     * }</pre>
     *
     * <p>The first value is the result, and what comes after it is cancelled; without a value the result is null. The
     * publisher is subscribed to where the function is called, with the subscriber's {@code Context} in a {@code map},
     * and with the thread-locals of the scatter as far as they are propagated. The function is called in the thread
     * that scatters or, when so many calls are under way, in the one in which an earlier one ends. A cancel, a timeout
     * and a close cancel what is under way.
     *
     * @param workers the most calls at once; at least 1
     * @param task the function; it must not wait for anything
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is below 1
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> async(
            int workers, Task<? super T, ? extends Publisher<? extends R>> task) {
        return async(Workers.async(workers).build(), task);
    }

    /**
     * The same on workers that others may use too, with options.
     *
     * @param workers made by {@link Workers#async}
     * @param task the function; it must not wait for anything
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with these workers
     * @throws IllegalArgumentException if the workers are of another kind
     * @throws NullPointerException if {@code workers} or {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> async(
            Workers workers, Task<? super T, ? extends Publisher<? extends R>> task) {
        LanePool pool =
                EngineAccess.lanes(Objects.requireNonNull(workers, "workers")).forAsynchronous();
        return new Scatter<>(pool, unwrapped(Objects.requireNonNull(task, "task")));
    }

    /**
     * Wraps a function of two arguments that does not block, as {@link #async(int, Task) async} does.
     *
     * @param workers the most calls at once; at least 1
     * @param task the function; it must not wait for anything
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is below 1
     * @throws NullPointerException if {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biAsync(
                    int workers, BiTask<? super T, ? super U, ? extends Publisher<? extends R>> task) {
        return biAsync(Workers.async(workers).build(), task);
    }

    /**
     * The same on workers that others may use too, with options.
     *
     * @param workers made by {@link Workers#async}
     * @param task the function; it must not wait for anything
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with these workers
     * @throws IllegalArgumentException if the workers are of another kind
     * @throws NullPointerException if {@code workers} or {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biAsync(
                    Workers workers, BiTask<? super T, ? super U, ? extends Publisher<? extends R>> task) {
        LanePool pool =
                EngineAccess.lanes(Objects.requireNonNull(workers, "workers")).forAsynchronous();
        return new BiScatter<>(pool, unwrapped(Objects.requireNonNull(task, "task")));
    }

    /**
     * Runs a function on workers that others may use too.
     *
     * @param workers where it runs
     * @param task the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with these workers
     * @throws NullPointerException if {@code workers} or {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> on(
            Workers workers, Task<? super T, ? extends R> task) {
        LanePool pool =
                EngineAccess.lanes(Objects.requireNonNull(workers, "workers")).forBlocking();
        return new Scatter<>(pool, task);
    }

    /**
     * Runs a function of two arguments on workers that others may use too.
     *
     * @param workers where it runs
     * @param task the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with these workers
     * @throws NullPointerException if {@code workers} or {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biOn(Workers workers, BiTask<? super T, ? super U, ? extends R> task) {
        LanePool pool =
                EngineAccess.lanes(Objects.requireNonNull(workers, "workers")).forBlocking();
        return new BiScatter<>(pool, task);
    }

    /**
     * Workers on a scheduler of yours, with a name, a queue limit and all other options of {@link Workers}.
     *
     * <pre>{@code
     * Workers network = Lox.workers(Schedulers.boundedElastic(), 8).named("network").queueLimit(1_000).build();
     * Scatter<URI, String> fetch = Lox.on(network, Pages::fetch);
     * }</pre>
     *
     * <p>Jobs are handed to it from a thread of lox's own, so neither its decorators nor hooks carry the context of one
     * scatter to another's task. While it rejects, tasks fail; a scheduler that is disposed of and throws away what it
     * has accepted without a word leaves a gather waiting, so end the work first.
     *
     * @param scheduler where tasks run; lox never disposes of it
     * @param workers the most tasks at once; 0 means in the caller's thread
     * @return a builder
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code scheduler} is null
     */
    public static Workers.Builder workers(Scheduler scheduler, int workers) {
        HookedExecutor executor = Objects.requireNonNull(scheduler, "scheduler")::schedule;
        return Workers.executor(executor, workers);
    }

    /**
     * Runs a function on a scheduler of yours, as {@link #workers(Scheduler, int) workers} without options do.
     *
     * @param scheduler where it runs; lox never disposes of it
     * @param workers the most tasks at once; 0 means in the caller's thread
     * @param task the function
     * @param <T> the type of the argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code scheduler} or {@code task} is null
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Scatter<T, R> on(
            Scheduler scheduler, int workers, Task<? super T, ? extends R> task) {
        return on(workers(scheduler, workers).build(), task);
    }

    /**
     * Runs a function of two arguments on a scheduler of yours, as {@link #workers(Scheduler, int) workers} without
     * options do.
     *
     * @param scheduler where it runs; lox never disposes of it
     * @param workers the most tasks at once; 0 means in the caller's thread
     * @param task the function
     * @param <T> the type of the first argument
     * @param <U> the type of the second argument
     * @param <R> the type of the result
     * @return the function with its workers
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws NullPointerException if {@code scheduler} or {@code task} is null
     */
    public static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiScatter<T, U, R> biOn(Scheduler scheduler, int workers, BiTask<? super T, ? super U, ? extends R> task) {
        return biOn(workers(scheduler, workers).build(), task);
    }

    /** The function as the engine has it: for such workers, what it returns is not the result, but gives it later. */
    private static <T extends @Nullable Object, R extends @Nullable Object> Task<T, R> unwrapped(
            Task<? super T, ? extends Publisher<? extends R>> task) {
        return Unchecked.cast(task);
    }

    private static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiTask<T, U, R> unwrapped(BiTask<? super T, ? super U, ? extends Publisher<? extends R>> task) {
        return Unchecked.cast(task);
    }
}
