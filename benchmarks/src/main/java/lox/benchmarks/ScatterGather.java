package lox.benchmarks;

import com.pivovarit.collectors.ParallelCollectors;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.UnicastProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A trivial task, {@code x -> x + 1}, many times on four workers, its results in order: with lox, and as a user of each
 * peer writes it. One operation is the whole batch. The workers are there before it begins, in every case; what belongs
 * to one batch is made anew for each.
 *
 * <p>What is measured is the cost of handing over, keeping order and collecting. Tasks that do real work hide it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class ScatterGather {
    static final int WORKERS = 4;

    /** What the issue asks for; Reactor's own default for its operators, too. */
    private static final int CONCURRENCY = 256;

    @Param({"1000", "200000", "5000000"})
    public int tasks;

    private List<Integer> checked(@Nullable List<Integer> results) {
        if (results == null || results.size() != tasks || results.get(tasks - 1) != tasks) {
            throw new IllegalStateException("wrong results of " + tasks + " tasks");
        }
        return results;
    }

    // ---- lox -------------------------------------------------------------------------------------------------------

    @State(Scope.Benchmark)
    public static class LoxSync {
        final lox.sync.Scatter<Integer, Integer> increment = lox.sync.Lox.thread(WORKERS, x -> x + 1);
    }

    @Benchmark
    public List<Integer> loxSync(LoxSync lox) {
        for (int i = 0; i < tasks; i++) {
            lox.increment.scatter(i);
        }
        return checked(lox.increment.gather());
    }

    /** Knows all arguments beforehand, as parallel-collectors does. */
    @Benchmark
    public List<Integer> loxGatherList(LoxSync lox) {
        return checked(lox.increment.gather(IntStream.range(0, tasks).boxed().toList()));
    }

    @State(Scope.Benchmark)
    public static class LoxReactor {
        final lox.reactor.Scatter<Integer, Integer> increment = lox.reactor.Lox.thread(WORKERS, x -> x + 1);
    }

    @Benchmark
    public List<Integer> loxReactor(LoxReactor lox) {
        for (int i = 0; i < tasks; i++) {
            lox.increment.scatter(i);
        }
        return checked(lox.increment.gather().blockOptional().orElseThrow());
    }

    @State(Scope.Benchmark)
    public static class LoxRxJava {
        final lox.rxjava.Scatter<Integer, Integer> increment = lox.rxjava.Lox.thread(WORKERS, x -> x + 1);
    }

    @Benchmark
    public List<Integer> loxRxJava(LoxRxJava lox) {
        for (int i = 0; i < tasks; i++) {
            lox.increment.scatter(i);
        }
        return checked(lox.increment.gather().blockingGet());
    }

    @State(Scope.Benchmark)
    public static class LoxVirtual {
        final lox.sync.Scatter<Integer, Integer> increment = lox.sync.Lox.virtual(WORKERS, x -> x + 1);
    }

    /** Needs Java 21. */
    @Benchmark
    public List<Integer> loxVirtual(LoxVirtual lox) {
        for (int i = 0; i < tasks; i++) {
            lox.increment.scatter(i);
        }
        return checked(lox.increment.gather());
    }

    // ---- reactive peers --------------------------------------------------------------------------------------------

    /**
     * Four single threads that take turns, each with a queue of its own: the scheduler Reactor itself uses for such
     * work.
     */
    @State(Scope.Benchmark)
    public static class ReactorScheduler {
        final Scheduler scheduler = Schedulers.newParallel("peer", WORKERS);

        @TearDown
        public void stop() {
            scheduler.dispose();
        }
    }

    /** With a prefetch of 1: the default would allocate a queue of 32 for the one result of each task. */
    @Benchmark
    public List<Integer> sinksFlatMapSequential(ReactorScheduler peer) {
        Sinks.Many<Integer> sink = Sinks.many().unicast().onBackpressureBuffer();
        CompletableFuture<@Nullable List<Integer>> results = sink.asFlux()
                .flatMapSequential(x -> Mono.fromCallable(() -> x + 1).subscribeOn(peer.scheduler), CONCURRENCY, 1)
                .collectList()
                .toFuture(); // subscribes: work starts with the first item
        for (int i = 0; i < tasks; i++) {
            sink.tryEmitNext(i).orThrow();
        }
        sink.tryEmitComplete().orThrow();
        return checked(results.join());
    }

    @State(Scope.Benchmark)
    public static class RxJavaScheduler {
        final ExecutorService pool = Executors.newFixedThreadPool(WORKERS);
        final io.reactivex.rxjava3.core.Scheduler scheduler = io.reactivex.rxjava3.schedulers.Schedulers.from(pool);

        @TearDown
        public void stop() {
            pool.shutdown();
        }
    }

    /** With a prefetch of 1 here too, where the default is 128. */
    @Benchmark
    public List<Integer> concatMapEager(RxJavaScheduler peer) throws ExecutionException, InterruptedException {
        UnicastProcessor<Integer> source = UnicastProcessor.create();
        Future<List<Integer>> results = source.concatMapEager(
                        x -> Flowable.fromCallable(() -> x + 1).subscribeOn(peer.scheduler), CONCURRENCY, 1)
                .toList()
                .toFuture(); // subscribes: work starts with the first item
        for (int i = 0; i < tasks; i++) {
            source.onNext(i);
        }
        source.onComplete();
        return checked(results.get());
    }

    // ---- peers of plain Java ---------------------------------------------------------------------------------------

    @State(Scope.Benchmark)
    public static class FixedPool {
        final ExecutorService pool = Executors.newFixedThreadPool(WORKERS);

        @TearDown
        public void stop() {
            pool.shutdown();
        }
    }

    @Benchmark
    public List<Integer> submitGet(FixedPool peer) throws ExecutionException, InterruptedException {
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            Integer x = i;
            futures.add(peer.pool.submit(() -> x + 1));
        }
        return checked(results(futures));
    }

    @Benchmark
    public List<Integer> invokeAll(FixedPool peer) throws ExecutionException, InterruptedException {
        List<Callable<Integer>> calls = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            Integer x = i;
            calls.add(() -> x + 1);
        }
        return checked(results(peer.pool.invokeAll(calls)));
    }

    private static List<Integer> results(List<Future<Integer>> futures)
            throws ExecutionException, InterruptedException {
        List<Integer> results = new ArrayList<>(futures.size());
        for (Future<Integer> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    /** On the common pool, which has a thread less than there are processors; the caller helps. */
    @Benchmark
    public List<Integer> parallelStream() {
        return checked(IntStream.range(0, tasks).boxed().toList().parallelStream()
                .map(x -> x + 1)
                .toList());
    }

    @Benchmark
    public List<Integer> supplyAsync(FixedPool peer) {
        List<CompletableFuture<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            Integer x = i;
            futures.add(CompletableFuture.supplyAsync(() -> x + 1, peer.pool));
        }
        List<Integer> results = new ArrayList<>(tasks);
        for (CompletableFuture<Integer> future : futures) {
            results.add(future.join());
        }
        return checked(results);
    }

    @Benchmark
    public List<Integer> parallelCollectors(FixedPool peer) {
        return checked(IntStream.range(0, tasks)
                .boxed()
                .collect(ParallelCollectors.parallel(x -> x + 1, Collectors.toList(), peer.pool, WORKERS))
                .join());
    }

    /**
     * Knows all arguments beforehand and makes four jobs of them; so nothing starts before the last argument is there.
     */
    @Benchmark
    public List<Integer> parallelCollectorsBatching(FixedPool peer) {
        return checked(IntStream.range(0, tasks)
                .boxed()
                .collect(ParallelCollectors.Batching.parallel(x -> x + 1, Collectors.toList(), peer.pool, WORKERS))
                .join());
    }
}
