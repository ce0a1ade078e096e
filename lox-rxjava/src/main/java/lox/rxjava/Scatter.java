package lox.rxjava;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import lox.sync.GatherOptions;
import lox.sync.GatherTimeoutException;
import lox.sync.Outcome;
import lox.sync.Task;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.expand.Expansion;
import lox.sync.internal.map.MapOptions;
import lox.sync.internal.pool.LanePool;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

// Longer than 350 lines: more than half of it is documentation for users.
/**
 * A function with workers, for RxJava. {@code scatter} hands it an argument and returns at once; {@code gather} gives
 * a Single of all results, in the order they were scattered. Made by {@link Lox}.
 *
 * <pre>{@code
 * Scatter<URI, String> fetch = Lox.thread(8, Pages::fetch);
 * for (URI uri : uris) {
 *     fetch.scatter(uri); // starts at once, at most 8 at a time
 * }
 * Single<List<String>> pages = fetch.gather(); // in scatter order
 * }</pre>
 *
 * <p>What is scattered between one gather and the next is a batch. Any number of batches may be under way. All methods
 * may be called from many threads at once, from inside a task of the same Scatter and from a subscriber's callback;
 * what one thread scatters keeps its order, and a batch has as many results as it had scatters, always.
 *
 * <p>A failing task's exception keeps its type. Attached to it, as a suppressed exception, stands which scatter it was.
 * A failure that nobody can receive goes to {@link io.reactivex.rxjava3.plugins.RxJavaPlugins#onError}. Where
 * {@code io.micrometer:context-propagation} is on the class path, the thread-locals that are registered with it are in
 * the task as they were at its scatter: those that had no value have none. Nothing else of the scattering thread is
 * there.
 *
 * @param <T> the type of the argument
 * @param <R> the type of the result
 */
public final class Scatter<T extends @Nullable Object, R extends @Nullable Object> extends WrappedFunction<T, R> {
    Scatter(LanePool pool, Task<? super T, ? extends R> task) {
        super(pool, Objects.requireNonNull(task, "task")::call);
    }

    private Scatter(Scatter<T, ?> first, Dispatcher<T, R> chain) {
        super(first, chain);
    }

    /**
     * Calls the function as it is, in the calling thread, outside any batch.
     *
     * @param argument passed on, null too
     * @return the result
     * @throws RuntimeException what the function throws; a checked exception as
     *     {@link io.reactivex.rxjava3.exceptions.Exceptions#propagate(Throwable)} wraps it
     */
    public R call(T argument) {
        return run(argument);
    }

    /**
     * Hands an argument to the workers. Work starts whether or not anybody gathers or subscribes. It waits only if the
     * {@link lox.sync.Workers} have a queue limit and that is reached.
     *
     * @param argument passed on, null too
     * @return the index of the result in the list to come
     * @throws java.util.concurrent.RejectedExecutionException if the Workers are closed or shut down
     * @throws lox.sync.QueueFullException if it would have to wait on one of RxJava's non-blocking threads; nothing
     *     was scattered
     * @throws IllegalStateException if the batch has {@link Integer#MAX_VALUE} scatters already
     * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits; nothing was
     *     scattered
     */
    public int scatter(T argument) {
        return add(argument);
    }

    /**
     * Hands an argument to the workers as {@link #scatter} does, for a result of its own, hot and cached: it belongs to
     * no batch, so no gather has it, and nothing is kept of it once it has ended and the Single is let go. Scatters and
     * submits start in the order of the calls, and {@link #pending} counts both.
     *
     * <p>When the last observer disposes, the task alone is dropped if it has not started, and interrupted, or its
     * process killed, if it runs. A task without subscribers is not cancelled. What a task fails with after that
     * goes to {@link io.reactivex.rxjava3.plugins.RxJavaPlugins#onError}, but for the echo of its interrupt.
     *
     * @param argument passed on, null too
     * @return the result to come; a null result is a {@link NullPointerException} that names the submit; it fails with
     *     a {@link java.util.concurrent.CancellationException} if its last observer has left or the workers are closed
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} does
     */
    public Single<R> submit(T argument) {
        return listen(argument);
    }

    /**
     * Opens a batch of its own on this function and its workers, for a caller who shares the function with others: a
     * request of a service, for example. This function's own batch is not touched.
     *
     * @return to be gathered once, or closed
     */
    public Batch<T, R> batch() {
        return new Batch<>(this);
    }

    /**
     * Scatters all and gathers them, in a batch of its own: whoever else uses this function meanwhile gets none of it.
     *
     * <pre>{@code
     * Single<List<String>> pages = Single.defer(() -> fetch.gather(uris)).retry(2);
     * }</pre>
     *
     * <p>It begins at this call, not at subscription. A Single made for each subscription, by {@code Single.defer}, is
     * right under {@code retry} and with several subscribers.
     *
     * @param arguments iterated over once, in the calling thread; if that throws, nothing is left behind
     * @return the results in the order of the arguments, as {@link #gather()} gives them
     * @throws NullPointerException if {@code arguments} is null
     * @throws IllegalStateException as {@link #scatter} and {@link #gather()} do
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} and {@link #gather()} do
     */
    public Single<List<R>> gather(Iterable<? extends T> arguments) {
        return gather(arguments, GatherOptions.create());
    }

    /**
     * The same as {@link #gather(Iterable)}, with options. The time begins when all have been scattered.
     *
     * @param arguments as in {@link #gather(Iterable)}
     * @param options progress and timeout
     * @return the results in the order of the arguments, or a {@link GatherTimeoutException}
     * @throws NullPointerException if {@code arguments} or {@code options} is null
     * @throws IllegalStateException as {@link #scatter} and {@link #gather()} do
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} and {@link #gather()} do
     */
    public Single<List<R>> gather(Iterable<? extends T> arguments, GatherOptions options) {
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(options, "options");
        try (Batch<T, R> batch = batch()) {
            batch.addAll(arguments);
            return batch.gather(options);
        }
    }

    /**
     * Runs the function on each seed and on what its results lead to, until nothing is left: for work whose extent
     * shows while it is done, such as the pages of a site or the folders of a disk. It is a batch of its own. An
     * argument that was found starts as soon as a worker is free, so nothing waits for the slowest of a level.
     *
     * <pre>{@code
     * Single<Set<URI>> site = Single.<Set<URI>>fromCallable(() -> new HashSet<>(uris))
     *         .flatMap(seen -> links.expand(uris, found -> found.stream().filter(seen::add).toList())
     *                 .map(results -> seen));
     * }</pre>
     *
     * <p>{@code further} is called once for each result, for one at a time, in the order in which they become ready,
     * and each call sees what those before have done: a plain {@link java.util.HashSet} will do to remember what has
     * been seen. The first call comes when all seeds have been scattered. Calls come on any thread, mostly a worker's,
     * with the thread-locals that a task has here. They must not block: meanwhile no other result leads to anything.
     *
     * <p>The first failure, of a task or of {@code further}, ends it at once: what has not started is dropped, and what
     * runs is interrupted. When the last subscriber cancels, the same happens. Arguments that were found do not wait at
     * a queue limit. If the Workers are shut down, it still goes on to its end.
     *
     * <p>It begins at this call, not at subscription, as every gather does; the Single is hot and cached. A Single made
     * for each subscription, as here, is right under {@code retry} and with several subscribers. What
     * it is to remember is made in there, too.
     *
     * @param seeds iterated over once, in the calling thread; if that throws, nothing is left behind
     * @param further gives the arguments that a result leads to, in their order, null ones too; an empty Iterable for
     *     none. Null itself is a {@link NullPointerException}
     * @return the results breadth-first, whatever ended first: those of the seeds in their order, then those of what
     *     the first seed's result led to, then of what the second one's led to, and so on; unmodifiable
     * @throws NullPointerException if {@code seeds} or {@code further} is null
     * @throws IllegalStateException as {@link #scatter} does
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} does
     */
    public Single<List<R>> expand(
            Iterable<? extends T> seeds, Function<? super R, ? extends Iterable<? extends T>> further) {
        Objects.requireNonNull(seeds, "seeds");
        Objects.requireNonNull(further, "further");
        return SingleCompletion.of(Expansion.of(dispatcher(), seeds, further));
    }

    /**
     * Chains another function to this one. What is scattered to the chain goes through both, each on its own workers,
     * and moves on as soon as it is ready, whatever the others do; the results come in the order of the scatters. A
     * failure in either is the failure of that item, and keeps its index. The two functions themselves and their
     * batches stay as they are; chains can be chained.
     *
     * <pre>{@code
     * Scatter<URI, Document> load = Lox.thread(20, Pages::fetch).andThen(Lox.thread(2, Pages::parse));
     * uris.forEach(load::scatter);
     * Single<List<Document>> documents = load.gather();
     * }</pre>
     *
     * <p>If the next function's workers have a queue limit, this one's wait while it is reached. Where the tasks of
     * both take microseconds, items move on together, after some twenty microseconds at most; if one of them takes long
     * after all, those before it move on some milliseconds later.
     *
     * @param next takes the results, null ones too
     * @param <S> the type of the results of the chain
     * @return the chain, to be used as one function; its {@code pending} counts what this function has not started, its
     *     {@code scheduler} is that of this function
     * @throws NullPointerException if {@code next} is null
     * @throws IllegalArgumentException if the chain would have more than 121 functions
     */
    public <S extends @Nullable Object> Scatter<T, S> andThen(Scatter<? super R, S> next) {
        return new Scatter<>(this, chain(next));
    }

    // ---- streams ---------------------------------------------------------------------------------------------------

    /**
     * Maps a stream: in order, side by side, with back-pressure. Made to be written {@code uris.compose(fetch::map)}.
     *
     * <p>For each subscription the source sees a demand of four elements for each worker, those of a chain's other
     * functions too, and one more for each result that the subscriber has been given. So never more than that are taken
     * from the source and not given on, whether they wait, run, or are held back by an earlier one that is slow. What
     * runs here shares the workers with everything else of this Scatter, and belongs to no batch. No thread is blocked;
     * results arrive on a worker's thread, or on the one that requests.
     *
     * <ul>
     *   <li>A cancel cancels the source, drops what has not started and interrupts what runs, at once.
     *   <li>A failing task's own exception is the error, at once; the rest is cancelled. See {@link #mapDelayError}.
     *   <li>An error of the source arrives after the results before it.
     *   <li>A null result is a {@link NullPointerException} that names the element.
     *   <li>A source that sends more than was requested is cancelled, with an {@link IllegalStateException} after the
     *       results before.
     *   <li>The thread-locals that {@code io.micrometer:context-propagation} finds at the subscribing thread are there
     *       in the task.
     * </ul>
     *
     * @param source gives the arguments
     * @return the results in the order of their arguments; a run of its own for each subscription
     * @throws NullPointerException if {@code source} is null
     */
    public Flowable<R> map(Publisher<? extends T> source) {
        return map(source, defaultAhead());
    }

    /**
     * The same as {@link #map(Publisher)}, with a source that may run further ahead, or less far.
     *
     * @param source gives the arguments
     * @param ahead the most elements that are taken from the source and not given on: the demand that the source sees
     *     at first; by default four for each worker. 0 counts as 1, so the size of any list will do, also of an empty
     *     one
     * @return the results in the order of their arguments; a run of its own for each subscription
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Flowable<R> map(Publisher<? extends T> source, int ahead) {
        return stream(source, MapOptions.inOrder(ahead));
    }

    /**
     * Maps a stream as {@link #map(Publisher)} does, but a failing task stops nothing: its element is left out, and
     * what failed is the error after the last result.
     *
     * @param source gives the arguments
     * @return the results in the order of their arguments; then the failure if there was one, that of the source
     *     included, or all failures as a {@link io.reactivex.rxjava3.exceptions.CompositeException}
     * @throws NullPointerException if {@code source} is null
     */
    public Flowable<R> mapDelayError(Publisher<? extends T> source) {
        return mapDelayError(source, defaultAhead());
    }

    /**
     * The same as {@link #mapDelayError(Publisher)}, with a source that may run further ahead, or less far.
     *
     * @param source gives the arguments
     * @param ahead as in {@link #map(Publisher, int)}
     * @return the results in the order of their arguments; then the failures
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Flowable<R> mapDelayError(Publisher<? extends T> source, int ahead) {
        return stream(source, MapOptions.delayError(ahead));
    }

    /**
     * Maps a stream as {@link #map(Publisher)} does, but gives an {@link Outcome} for each element: what failed is an
     * item, and a failing task stops nothing. A null result is a success as any other. So a stream that never ends goes
     * on whatever happens to one of its elements.
     *
     * <pre>{@code
     * Flowable<Outcome<String>> outcomes = Flowable.fromIterable(uris).compose(fetch::mapSettled);
     * }</pre>
     *
     * <p>The outcome's index is the number of the element, from 0 on; from element {@link Integer#MAX_VALUE} on it
     * stays that. A failure of the source is still the error, after the outcomes before it. A failed outcome that no
     * subscriber receives is dropped as a failure, never silently.
     *
     * @param source gives the arguments
     * @return the outcomes in the order of their elements; a run of its own for each subscription
     * @throws NullPointerException if {@code source} is null
     */
    public Flowable<Outcome<R>> mapSettled(Publisher<? extends T> source) {
        return mapSettled(source, defaultAhead());
    }

    /**
     * The same as {@link #mapSettled(Publisher)}, with more or fewer elements under way.
     *
     * @param source gives the arguments
     * @param ahead as in {@link #map(Publisher, int)}
     * @return the outcomes in the order of their elements; a run of its own for each subscription
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Flowable<Outcome<R>> mapSettled(Publisher<? extends T> source, int ahead) {
        return stream(source, MapOptions.<T, R, Outcome<R>>settled(ahead, Outcome.Success::new, Outcome.Failure::new));
    }

    /**
     * Maps a stream as {@link #map(Publisher)} does, but gives each result as soon as its task has ended: one that is
     * slow holds back no other. Bounded in the same way.
     *
     * @param source gives the arguments
     * @return the results in the order in which the tasks end; a run of its own for each subscription
     * @throws NullPointerException if {@code source} is null
     */
    public Flowable<R> mapUnordered(Publisher<? extends T> source) {
        return mapUnordered(source, defaultAhead());
    }

    /**
     * The same as {@link #mapUnordered(Publisher)}, with more or fewer elements under way.
     *
     * @param source gives the arguments
     * @param ahead as in {@link #map(Publisher, int)}
     * @return the results in the order in which the tasks end; a run of its own for each subscription
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Flowable<R> mapUnordered(Publisher<? extends T> source, int ahead) {
        return stream(source, MapOptions.unordered(ahead));
    }

    /**
     * Maps a stream, where the elements of one key run one after another and in order, and those of different keys side
     * by side: what the consumer of a partitioned log needs. Never more run at once than there are workers.
     *
     * <pre>{@code
     * // never two at once from the same host
     * Flowable<String> pages = fetch.mapByKey(Flowable.fromIterable(uris), URI::getHost);
     * }</pre>
     *
     * <p>A result leaves as soon as its task has ended, so those of one key keep their order. Up to 256 elements, or
     * four for each worker if that is more, are under way at once, counting those that wait for another of their key;
     * an element of a busy key takes one of these places while it waits. Of a key without such elements nothing is
     * kept.
     *
     * <p>All else is as in {@link #map(Publisher)}. A failing task ends the stream, whatever its key. Messages about an
     * element name its argument but not its number.
     *
     * @param source gives the arguments
     * @param keyOf finds the key of an element: never null, with {@code equals} and {@code hashCode} that do not
     *     change meanwhile. What it throws is the error, and ends the source
     * @return the results in the order in which the tasks end; a run of its own for each subscription
     * @throws NullPointerException if {@code source} or {@code keyOf} is null
     */
    public Flowable<R> mapByKey(Publisher<? extends T> source, Function<? super T, ?> keyOf) {
        return mapByKey(source, keyOf, dispatcher().defaultAheadByKey());
    }

    /**
     * The same as {@link #mapByKey(Publisher, Function)}, with more or fewer elements under way.
     *
     * @param source gives the arguments
     * @param keyOf finds the key of an element
     * @param ahead the most elements that are taken from the source and not given on, those included that wait for
     *     another of their key. 0 counts as 1
     * @return the results in the order in which the tasks end; a run of its own for each subscription
     * @throws NullPointerException if {@code source} or {@code keyOf} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Flowable<R> mapByKey(Publisher<? extends T> source, Function<? super T, ?> keyOf, int ahead) {
        return stream(source, MapOptions.byKey(ahead, keyOf));
    }
}
