package lox.benchmarks.maps;

import io.reactivex.rxjava3.core.Flowable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A million elements through a trivial function on four threads, results in order. The peers get four threads and the
 * concurrency that the comparison is about, 256; lox is measured with its own default (four ahead) and with 256.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MapBenchmark.ELEMENTS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MapBenchmark {
    static final int ELEMENTS = 1_000_000;
    private static final int WORKERS = 4;
    private static final int AHEAD = 256;

    private final lox.reactor.Scatter<Integer, Integer> reactor = lox.reactor.Lox.thread(WORKERS, i -> i + 1);
    private final lox.rxjava.Scatter<Integer, Integer> rxjava = lox.rxjava.Lox.thread(WORKERS, i -> i + 1);
    private final lox.sync.Scatter<Integer, Integer> sync = lox.sync.Lox.thread(WORKERS, i -> i + 1);
    private final Scheduler scheduler = Schedulers.newParallel("peer", WORKERS);
    private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    private final io.reactivex.rxjava3.core.Scheduler rxScheduler =
            io.reactivex.rxjava3.schedulers.Schedulers.from(threads);

    @TearDown
    public void close() {
        scheduler.dispose();
        rxScheduler.shutdown();
        threads.shutdownNow();
    }

    @Benchmark
    public long loxReactor() {
        return sum(reactor.map(Flux.range(0, ELEMENTS)));
    }

    @Benchmark
    public long loxReactorAhead256() {
        return sum(reactor.map(Flux.range(0, ELEMENTS), AHEAD));
    }

    @Benchmark
    public long flatMapSequential256() {
        return sum(Flux.range(0, ELEMENTS)
                .flatMapSequential(i -> Mono.fromCallable(() -> i + 1).subscribeOn(scheduler), AHEAD));
    }

    @Benchmark
    public long loxRxJava() {
        return sum(rxjava.map(Flowable.range(0, ELEMENTS)));
    }

    @Benchmark
    public long loxRxJavaAhead256() {
        return sum(rxjava.map(Flowable.range(0, ELEMENTS), AHEAD));
    }

    @Benchmark
    public long concatMapEager256() {
        return sum(Flowable.range(0, ELEMENTS)
                .concatMapEager(i -> Flowable.fromCallable(() -> i + 1).subscribeOn(rxScheduler), AHEAD, 1));
    }

    @Benchmark
    public long loxSync() {
        return sync.map(IntStream.range(0, ELEMENTS).boxed())
                .mapToLong(Integer::longValue)
                .sum();
    }

    private static long sum(Flux<Integer> results) {
        return checked(results.reduce(0L, Long::sum).block());
    }

    private static long sum(Flowable<Integer> results) {
        return checked(results.reduce(0L, Long::sum).blockingGet());
    }

    private static long checked(@Nullable Long sum) {
        if (sum == null || sum != (long) ELEMENTS * (ELEMENTS + 1) / 2) {
            throw new IllegalStateException("wrong sum " + sum);
        }
        return sum;
    }
}
