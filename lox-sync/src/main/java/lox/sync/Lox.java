package lox.sync;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import lox.sync.internal.pool.DebugSwitch;
import lox.sync.internal.result.Unchecked;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: three quarters of it are documentation for users.
/**
 * Wraps a function so that its calls run side by side: the entry to lox for plain Java.
 *
 * <pre>{@code
 * Scatter<URI, String> fetch = Lox.thread(8, Pages::fetch);
 * uris.forEach(fetch::scatter);
 * List<String> pages = fetch.gather();
 * }</pre>
 *
 * <p>A function of two arguments has entries of its own, {@code biThread} and so on: overloads would make every method
 * reference with overloads, such as {@code Files::readString}, ambiguous.
 *
 * <p>Every method here makes its own {@link Workers}, except {@code on} and {@code biOn}, and {@code async} if you
 * like, which take yours. None starts
 * a thread before the first scatter, and nothing has to be closed. When a program's {@code main} ends, so does work
 * that is pending: gather before, or use {@link Workers#shutdown} and {@link Workers#awaitTermination}.
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
     * Wraps a function that does not block: it returns at once a stage that completes later. At most so
     * many calls are under way, each counted until what it returned has ended; no thread is held meanwhile.
     *
     * <pre>{@code
     * Scatter<HttpRequest, HttpResponse<String>> fetch =
     *         Lox.async(100, request -> client.sendAsync(request, BodyHandlers.ofString()));
     * List<HttpResponse<String>> pages = fetch.gather(requests);
     * }</pre>
     *
     * <p>The stage's value is the result, null too, and its failure the task's, without the {@link
     * java.util.concurrent.CompletionException} around it. The function is called in the thread that scatters or, when
     * so many calls are under way, in the one in which an earlier one ends. A cancel, a timeout and a close cancel
     * what is under way. That is {@link java.util.concurrent.CompletableFuture#cancel} here, which not every stage
     * heeds.
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
            int workers, Task<? super T, ? extends CompletionStage<? extends R>> task) {
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
            Workers workers, Task<? super T, ? extends CompletionStage<? extends R>> task) {
        Objects.requireNonNull(workers, "workers").lanes().forAsynchronous();
        return new Scatter<>(workers, unwrapped(Objects.requireNonNull(task, "task")));
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
                    int workers, BiTask<? super T, ? super U, ? extends CompletionStage<? extends R>> task) {
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
                    Workers workers, BiTask<? super T, ? super U, ? extends CompletionStage<? extends R>> task) {
        Objects.requireNonNull(workers, "workers").lanes().forAsynchronous();
        return new BiScatter<>(workers, unwrapped(Objects.requireNonNull(task, "task")));
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
        Objects.requireNonNull(workers, "workers").lanes().forBlocking();
        return new Scatter<>(workers, task);
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
        Objects.requireNonNull(workers, "workers").lanes().forBlocking();
        return new BiScatter<>(workers, task);
    }

    /** The function as the engine has it: for such workers, what it returns is not the result, but gives it later. */
    private static <T extends @Nullable Object, R extends @Nullable Object> Task<T, R> unwrapped(
            Task<? super T, ? extends CompletionStage<? extends R>> task) {
        return Unchecked.cast(task);
    }

    private static <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            BiTask<T, U, R> unwrapped(BiTask<? super T, ? super U, ? extends CompletionStage<? extends R>> task) {
        return Unchecked.cast(task);
    }
}
