package lox.rxjava;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import java.util.Objects;
import java.util.concurrent.Executor;
import lox.sync.BiTask;
import lox.sync.Task;
import lox.sync.Workers;
import lox.sync.engine.LanePool;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a function so that its calls run side by side: the entry to lox for RxJava.
 *
 * <pre>{@code
 * Scatter<URI, String> fetch = Lox.thread(8, Pages::fetch);
 * uris.forEach(fetch::scatter);
 * Single<List<String>> pages = fetch.gather();
 * }</pre>
 *
 * <p>A function of two arguments has entries of its own, {@code biThread} and so on: overloads would make every method reference
 * with overloads, such as {@code Files::readString}, ambiguous.
 *
 * <p>Every method here makes its own {@link Workers}, except {@code on} and {@code biOn}, which take yours, or your scheduler.
 * None starts a thread before the first scatter, and nothing has to be closed.
 *
 * <p>With {@code workers = 0}, or while the environment has {@code LOX_DEBUG=true} or the JVM runs with
 * {@code -Dlox.debug=true}, every task runs in the thread that scatters it, so that a debugger stops where you expect it.
 */
public final class Lox {
    /** As many threads as Python's lox. */
    private static final int DEFAULT_THREADS = 50;

    private Lox() {}

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
        LanePool pool = Objects.requireNonNull(workers, "workers").lanes();
        return new Scatter<>(pool, hooked(pool), task);
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
        LanePool pool = Objects.requireNonNull(workers, "workers").lanes();
        return new BiScatter<>(pool, hooked(pool), task);
    }

    /**
     * Runs a function on a scheduler of yours.
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
        LanePool pool = pool(scheduler, workers);
        return new Scatter<>(pool, pool, task); // the scheduler sees to its hooks itself
    }

    /**
     * Runs a function of two arguments on a scheduler of yours.
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
        LanePool pool = pool(scheduler, workers);
        return new BiScatter<>(pool, pool, task); // the scheduler sees to its hooks itself
    }

    /** Shows every lane to the hooks that watch what is scheduled. */
    private static Executor hooked(LanePool pool) {
        return lane -> pool.execute(RxJavaPlugins.onSchedule(lane));
    }

    private static LanePool pool(Scheduler scheduler, int workers) {
        Objects.requireNonNull(scheduler, "scheduler");
        return new LanePool(
                LanePool.nextName("scheduler"), workers, Integer.MAX_VALUE, new SchedulerExecutor(scheduler), () -> {});
    }
}
