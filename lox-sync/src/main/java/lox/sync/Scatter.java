package lox.sync;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import lox.sync.internal.core.Dispatcher;
import lox.sync.internal.expand.Expansion;
import lox.sync.internal.map.MapOptions;
import org.jspecify.annotations.Nullable;

// Longer than 350 lines: two thirds of it are documentation for users.
/**
 * A function with workers. {@code scatter} hands it an argument and returns at once; {@code gather} waits for all
 * results, in the order they were scattered. Made by {@link Lox}.
 *
 * <pre>{@code
 * Scatter<URI, String> fetch = Lox.thread(8, Pages::fetch);
 * for (URI uri : uris) {
 *     fetch.scatter(uri); // starts at once, at most 8 at a time
 * }
 * List<String> pages = fetch.gather(); // in scatter order
 * }</pre>
 *
 * <p>What is scattered between one gather and the next is a batch. Any number of batches may be under way. All methods
 * may be called from many threads at once, and {@code scatter} from inside a task of the same Scatter too; what one
 * thread scatters keeps its order, and a batch has as many results as it had scatters, always.
 *
 * <p>A failing task's exception keeps its type. Attached to it, as a suppressed exception, stands which scatter it was.
 *
 * <p>Where {@code io.micrometer:context-propagation} is on the class path, the thread-locals that are registered with
 * it are in the task as they were at its scatter: those that had no value have none. Nothing else of the scattering
 * thread is there.
 *
 * @param <T> the type of the argument
 * @param <R> the type of the result
 */
public final class Scatter<T extends @Nullable Object, R extends @Nullable Object> extends WrappedFunction<T, R> {
    Scatter(Workers workers, Task<? super T, ? extends R> task) {
        super(Objects.requireNonNull(workers, "workers"), Objects.requireNonNull(task, "task")::call);
    }

    private Scatter(Workers workers, Dispatcher<T, R> chain) {
        super(workers, chain);
    }

    /**
     * Calls the function as it is, in the calling thread, outside any batch.
     *
     * @param argument passed on, null too
     * @return the result
     * @throws GatherException if the function throws a checked exception, which is its cause
     */
    public R call(T argument) {
        return run(argument);
    }

    /**
     * Hands an argument to the workers. Work starts whether or not anybody gathers. It waits only if the
     * {@link Workers} have a queue limit and that is reached.
     *
     * @param argument passed on, null too
     * @return the index of the result in the list to come
     * @throws java.util.concurrent.RejectedExecutionException if the Workers are closed or shut down
     * @throws IllegalStateException if the batch has {@link Integer#MAX_VALUE} scatters already
     * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits; nothing was
     *     scattered
     */
    public int scatter(T argument) {
        return add(argument);
    }

    /**
     * Hands an argument to the workers as {@link #scatter} does, for a result of its own: it belongs to no batch, so no
     * gather has it, and nothing is kept of it once the future is done and let go. Scatters and submits start in the
     * order of the calls, and {@link #pending} counts both.
     *
     * <p>Ending the future from outside ends the task alone: {@code cancel(true)}, {@code orTimeout},
     * {@code completeOnTimeout}, {@code complete} and {@code completeExceptionally} drop it if it has not started, and
     * interrupt it, or kill its process, if it runs. {@code cancel(false)} lets it run on. Cancelling a stage that
     * depends on the future cancels nothing else, and a future that is let go of leaves the task alone; its failure
     * then is as silent as that of any {@link CompletableFuture}. What a cancelled task throws beside the echo of its
     * interrupt goes to the thread's uncaught exception handler.
     *
     * <p>{@code join} and {@code get}, called on the future or on a stage that depends on it in a task on the same
     * {@link Workers}, run the task themselves if nobody has begun with it, instead of blocking the worker it needs;
     * within {@code get(timeout)} too.
     *
     * @param argument passed on, null too
     * @return the result to come; it fails with the task's own exception, or with a
     *     {@link java.util.concurrent.CancellationException} if the Workers are closed
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} does
     */
    public CompletableFuture<R> submit(T argument) {
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
     * List<String> pages = fetch.gather(uris);
     * }</pre>
     *
     * @param arguments iterated over once, in the calling thread; if that throws, nothing is left behind
     * @return the results in the order of the arguments, as {@link #gather()} gives them
     * @throws NullPointerException if {@code arguments} is null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #scatter} and {@link #gather()} do
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} and {@link #gather()} do
     */
    public List<R> gather(Iterable<? extends T> arguments) {
        return gather(arguments, GatherOptions.create());
    }

    /**
     * The same as {@link #gather(Iterable)}, with options. The time begins when all have been scattered.
     *
     * @param arguments as in {@link #gather(Iterable)}
     * @param options progress and timeout
     * @return the results in the order of the arguments
     * @throws GatherTimeoutException if they are not there in time
     * @throws NullPointerException if {@code arguments} or {@code options} is null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #scatter} and {@link #gather()} do
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} and {@link #gather()} do
     */
    public List<R> gather(Iterable<? extends T> arguments, GatherOptions options) {
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(options, "options");
        try (Batch<T, R> batch = batch()) {
            batch.addAll(arguments);
            return batch.gather(options);
        }
    }

    /**
     * Scatters all and gathers them, in a batch of its own: whoever else uses this function meanwhile gets none of it.
     *
     * @param arguments read to its end, in the calling thread; if that throws, nothing is left behind
     * @return the results in the order of the arguments, as {@link #gather()} gives them
     * @throws NullPointerException if {@code arguments} is null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #scatter} and {@link #gather()} do
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} and {@link #gather()} do
     */
    public List<R> gather(Stream<? extends T> arguments) {
        return gather(arguments, GatherOptions.create());
    }

    /**
     * The same as {@link #gather(Stream)}, with options. The time begins when all have been scattered.
     *
     * @param arguments as in {@link #gather(Stream)}
     * @param options progress and timeout
     * @return the results in the order of the arguments
     * @throws GatherTimeoutException if they are not there in time
     * @throws NullPointerException if {@code arguments} or {@code options} is null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #scatter} and {@link #gather()} do
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} and {@link #gather()} do
     */
    public List<R> gather(Stream<? extends T> arguments, GatherOptions options) {
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(options, "options");
        try (Batch<T, R> batch = batch()) {
            arguments.forEachOrdered(batch::scatter);
            return batch.gather(options);
        }
    }

    /**
     * Runs the function on each seed and on what its results lead to, until nothing is left: for work whose extent
     * shows while it is done, such as the pages of a site or the folders of a disk. It is a batch of its own. An
     * argument that was found starts as soon as a worker is free, so nothing waits for the slowest of a level.
     *
     * <pre>{@code
     * Set<URI> seen = new HashSet<>(uris);
     * Scatter<URI, List<URI>> links = Lox.thread(8, Pages::links);
     * links.expand(uris, found -> found.stream().filter(seen::add).toList()); // now all of the site has been seen
     * }</pre>
     *
     * <p>{@code further} is called once for each result, for one at a time, in the order in which they become ready,
     * and each call sees what those before have done: a plain {@link java.util.HashSet} will do to remember what has
     * been seen. The first call comes when all seeds have been scattered. Calls come on any thread, mostly a worker's,
     * with the thread-locals that a task has here. They must not block: meanwhile no other result leads to anything.
     *
     * <p>The first failure, of a task or of {@code further}, ends it at once: what has not started is dropped, and what
     * runs is interrupted. An interrupt of the thread that waits does the same. Arguments that were found do not wait
     * at a queue limit. If the Workers are shut down, it still goes on to its end.
     *
     * @param seeds iterated over once, in the calling thread; if that throws, nothing is left behind
     * @param further gives the arguments that a result leads to, in their order, null ones too; an empty Iterable for
     *     none. Null itself is a {@link NullPointerException}
     * @return the results breadth-first, whatever ended first: those of the seeds in their order, then those of what
     *     the first seed's result led to, then of what the second one's led to, and so on; unmodifiable
     * @throws NullPointerException if {@code seeds} or {@code further} is null, or {@code further} returns null
     * @throws GatherException as {@link #gather()} does
     * @throws IllegalStateException as {@link #scatter} does, or if called in a function that must not block, on the
     *     same Workers
     * @throws java.util.concurrent.RejectedExecutionException as {@link #scatter} does
     * @throws java.util.concurrent.CancellationException as {@link #scatter} and {@link #gather()} do
     */
    public List<R> expand(Iterable<? extends T> seeds, Function<? super R, ? extends Iterable<? extends T>> further) {
        Objects.requireNonNull(seeds, "seeds");
        Objects.requireNonNull(further, "further");
        dispatcher().checkMayWait();
        return await(Expansion.of(dispatcher(), seeds, further));
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
     * List<Document> documents = load.gather();
     * }</pre>
     *
     * <p>If the next function's workers have a queue limit, this one's wait while it is reached. Where the tasks of
     * both take microseconds, items move on together, after some twenty microseconds at most; if one of them takes long
     * after all, those before it move on some milliseconds later.
     *
     * @param next takes the results, null ones too
     * @param <S> the type of the results of the chain
     * @return the chain, to be used as one function; its {@code pending} counts what this function has not started
     * @throws NullPointerException if {@code next} is null
     * @throws IllegalArgumentException if the chain would have more than 121 functions
     */
    public <S extends @Nullable Object> Scatter<T, S> andThen(Scatter<? super R, S> next) {
        return new Scatter<>(workers(), chain(next));
    }

    // ---- streams ---------------------------------------------------------------------------------------------------

    /**
     * Maps a stream: in order, side by side, and never more than four elements for each worker, those of a chain's
     * other functions too, taken from the source and not given on. It is lazy: nothing is taken from the source before
     * the terminal operation, and then only in the thread that runs that operation.
     *
     * <pre>{@code
     * try (Stream<String> pages = fetch.map(uris.stream())) {
     *     pages.filter(page -> page.contains("lox")).forEach(System.out::println);
     * }
     * }</pre>
     *
     * <p>What runs here shares the workers with everything else of this Scatter, and belongs to no batch. A failing
     * task ends the stream at once: the terminal operation throws the task's unchecked exception or error as it is, a
     * checked one as the cause of a {@link GatherException}; what has not started is dropped and what runs is
     * interrupted. A failure of the source is thrown after the results before it. A null result is a
     * {@link NullPointerException} that names the element. An interrupt of the thread that waits keeps the flag, stops
     * the map and throws a {@link java.util.concurrent.CancellationException}.
     *
     * <p>Closing the stream stops what is left, and closes the source. A terminal operation that does not look at all
     * elements, such as {@code findFirst}, leaves behind what has been taken from the source, unless the stream is
     * closed: use it in a try-with-resources block then.
     *
     * @param source gives the arguments; it is used up
     * @return the results in the order of their arguments, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> map(Stream<? extends T> source) {
        return map(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #map(Stream)}, with more or fewer elements under way.
     *
     * @param source gives the arguments; it is used up
     * @param ahead the most elements that have been taken from the source and not been given on, whether they wait,
     *     run, or are held back by an earlier one that is slow; by default four for each worker. 0 counts as 1, so
     *     {@code map(list.stream(), list.size())} works for an empty list, too
     * @return the results in the order of their arguments, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> map(Stream<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.inOrder(ahead));
    }

    /**
     * Maps what an Iterable has, as {@link #map(Stream)} does.
     *
     * @param source gives the arguments, from the terminal operation on
     * @return the results in the order of their arguments, sequential
     * @throws NullPointerException if {@code source} is null
     */
    public Stream<R> map(Iterable<? extends T> source) {
        return map(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #map(Iterable)}, with more or fewer elements under way.
     *
     * @param source gives the arguments, from the terminal operation on
     * @param ahead as in {@link #map(Stream, int)}
     * @return the results in the order of their arguments, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Stream<R> map(Iterable<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.inOrder(ahead));
    }

    /**
     * Maps a stream as {@link #map(Stream)} does, but a failing task stops nothing: its element is left out, and what
     * failed is thrown after the last result.
     *
     * @param source gives the arguments; it is used up
     * @return the results in the order of their arguments, sequential; at its end it throws one failure as {@code map}
     *     throws it, or several as one {@link GatherException}
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> mapDelayError(Stream<? extends T> source) {
        return mapDelayError(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #mapDelayError(Stream)}, with more or fewer elements under way.
     *
     * @param source gives the arguments; it is used up
     * @param ahead as in {@link #map(Stream, int)}
     * @return the results in the order of their arguments, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> mapDelayError(Stream<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.delayError(ahead));
    }

    /**
     * Maps what an Iterable has, as {@link #mapDelayError(Stream)} does.
     *
     * @param source gives the arguments, from the terminal operation on
     * @return the results in the order of their arguments, sequential
     * @throws NullPointerException if {@code source} is null
     */
    public Stream<R> mapDelayError(Iterable<? extends T> source) {
        return mapDelayError(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #mapDelayError(Iterable)}, with more or fewer elements under way.
     *
     * @param source gives the arguments, from the terminal operation on
     * @param ahead as in {@link #map(Stream, int)}
     * @return the results in the order of their arguments, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Stream<R> mapDelayError(Iterable<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.delayError(ahead));
    }

    /**
     * Maps a stream as {@link #map(Stream)} does, but gives an {@link Outcome} for each element: what failed is an
     * item, and a failing task stops nothing. A null result is a success as any other. So a stream that never ends goes
     * on whatever happens to one of its elements.
     *
     * <pre>{@code
     * try (Stream<Outcome<String>> outcomes = fetch.mapSettled(uris.stream())) {
     *     outcomes.forEach(System.out::println);
     * }
     * }</pre>
     *
     * <p>The outcome's index is the number of the element, from 0 on; from element {@link Integer#MAX_VALUE} on it
     * stays that. A failure of the source is still the error, after the outcomes before it. A failed outcome that no
     * subscriber receives is dropped as a failure, never silently.
     *
     * @param source gives the arguments; it is used up
     * @return the outcomes in the order of their elements, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<Outcome<R>> mapSettled(Stream<? extends T> source) {
        return mapSettled(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #mapSettled(Stream)}, with more or fewer elements under way.
     *
     * @param source gives the arguments; it is used up
     * @param ahead as in {@link #map(Stream, int)}
     * @return the outcomes in the order of their elements, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<Outcome<R>> mapSettled(Stream<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, settled(ahead));
    }

    /**
     * Maps what an Iterable has, as {@link #mapSettled(Stream)} does.
     *
     * @param source gives the arguments, from the terminal operation on
     * @return the outcomes in the order of their elements, sequential
     * @throws NullPointerException if {@code source} is null
     */
    public Stream<Outcome<R>> mapSettled(Iterable<? extends T> source) {
        return mapSettled(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #mapSettled(Iterable)}, with more or fewer elements under way.
     *
     * @param source gives the arguments, from the terminal operation on
     * @param ahead as in {@link #map(Stream, int)}
     * @return the outcomes in the order of their elements, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Stream<Outcome<R>> mapSettled(Iterable<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, settled(ahead));
    }

    private MapOptions<T, R, Outcome<R>> settled(int ahead) {
        return MapOptions.settled(ahead, Outcome.Success::new, Outcome.Failure::new);
    }

    /**
     * Maps a stream as {@link #map(Stream)} does, but gives each result as soon as its task has ended: one that is slow
     * holds back no other. Bounded in the same way.
     *
     * @param source gives the arguments; it is used up
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> mapUnordered(Stream<? extends T> source) {
        return mapUnordered(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #mapUnordered(Stream)}, with more or fewer elements under way.
     *
     * @param source gives the arguments; it is used up
     * @param ahead as in {@link #map(Stream, int)}
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> mapUnordered(Stream<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.unordered(ahead));
    }

    /**
     * Maps what an Iterable has, as {@link #mapUnordered(Stream)} does.
     *
     * @param source gives the arguments, from the terminal operation on
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} is null
     */
    public Stream<R> mapUnordered(Iterable<? extends T> source) {
        return mapUnordered(source, dispatcher().defaultAhead());
    }

    /**
     * The same as {@link #mapUnordered(Iterable)}, with more or fewer elements under way.
     *
     * @param source gives the arguments, from the terminal operation on
     * @param ahead as in {@link #map(Stream, int)}
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Stream<R> mapUnordered(Iterable<? extends T> source, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.unordered(ahead));
    }

    /**
     * Maps a stream, where the elements of one key run one after another and in order, and those of different keys side
     * by side: what the consumer of a partitioned log needs. Never more run at once than there are workers.
     *
     * <pre>{@code
     * // never two at once from the same host
     * try (Stream<String> pages = fetch.mapByKey(uris.stream(), URI::getHost)) {
     *     pages.forEach(System.out::println);
     * }
     * }</pre>
     *
     * <p>A result leaves as soon as its task has ended, so those of one key keep their order. Up to 256 elements, or
     * four for each worker if that is more, are under way at once, counting those that wait for another of their key;
     * an element of a busy key takes one of these places while it waits. Of a key without such elements nothing is
     * kept.
     *
     * <p>All else is as in {@link #map(Stream)}. A failing task ends the stream, whatever its key. Messages about an
     * element name its argument but not its number.
     *
     * @param source gives the arguments; it is used up
     * @param keyOf finds the key of an element: never null, with {@code equals} and {@code hashCode} that do not
     *     change meanwhile. What it throws is the error, after the results before
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} or {@code keyOf} is null
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> mapByKey(Stream<? extends T> source, Function<? super T, ?> keyOf) {
        return mapByKey(source, keyOf, dispatcher().defaultAheadByKey());
    }

    /**
     * The same as {@link #mapByKey(Stream, Function)}, with more or fewer elements under way.
     *
     * @param source gives the arguments; it is used up
     * @param keyOf finds the key of an element
     * @param ahead the most elements that are taken from the source and not given on, those included that wait for
     *     another of their key. 0 counts as 1
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} or {@code keyOf} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     * @throws IllegalStateException if {@code source} has been used already
     */
    public Stream<R> mapByKey(Stream<? extends T> source, Function<? super T, ?> keyOf, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.byKey(ahead, keyOf));
    }

    /**
     * Maps what an Iterable has, as {@link #mapByKey(Stream, Function)} does.
     *
     * @param source gives the arguments, from the terminal operation on
     * @param keyOf finds the key of an element
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} or {@code keyOf} is null
     */
    public Stream<R> mapByKey(Iterable<? extends T> source, Function<? super T, ?> keyOf) {
        return mapByKey(source, keyOf, dispatcher().defaultAheadByKey());
    }

    /**
     * The same as {@link #mapByKey(Iterable, Function)}, with more or fewer elements under way.
     *
     * @param source gives the arguments, from the terminal operation on
     * @param keyOf finds the key of an element
     * @param ahead as in {@link #mapByKey(Stream, Function, int)}
     * @return the results in the order in which the tasks end, sequential
     * @throws NullPointerException if {@code source} or {@code keyOf} is null
     * @throws IllegalArgumentException if {@code ahead} is negative
     */
    public Stream<R> mapByKey(Iterable<? extends T> source, Function<? super T, ?> keyOf, int ahead) {
        return MappedStream.of(dispatcher(), source, MapOptions.byKey(ahead, keyOf));
    }
}
