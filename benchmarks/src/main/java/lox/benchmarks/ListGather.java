package lox.benchmarks;

import com.pivovarit.collectors.ParallelCollectors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A trivial task, {@code x -> x + 1}, for each element of a list that is there beforehand, on four workers, the results
 * in order. Unlike in {@link ScatterGather}, nobody's arguments are made while the time runs, so what is left is the
 * work of lox and of its peers alone.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgs = {"-XX:+UseG1GC", "-Xms4g", "-Xmx4g", "-Xmn2g", "-XX:+AlwaysPreTouch"})
@State(Scope.Benchmark)
public class ListGather {
    private static final int WORKERS = 4;

    @Param({"1000", "200000"})
    public int tasks;

    private final Scatter<Integer, Integer> increment = Lox.thread(WORKERS, x -> x + 1);
    private final ExecutorService pool = Executors.newFixedThreadPool(WORKERS);
    private List<Integer> arguments = List.of();

    @Setup(Level.Trial)
    public void make() {
        arguments = IntStream.range(0, tasks).boxed().toList();
    }

    @TearDown(Level.Trial)
    public void shutDown() {
        pool.shutdownNow();
    }

    private List<Integer> checked(List<Integer> results) {
        if (results.size() != tasks || results.get(tasks - 1) != tasks) {
            throw new IllegalStateException("wrong results of " + tasks + " tasks");
        }
        return results;
    }

    @Benchmark
    public List<Integer> lox() {
        return checked(increment.gather(arguments));
    }

    /** Makes four jobs of the list. */
    @Benchmark
    public List<Integer> parallelCollectorsBatching() {
        return checked(arguments.stream()
                .collect(ParallelCollectors.Batching.parallel(x -> x + 1, Collectors.toList(), pool, WORKERS))
                .join());
    }

    /** On the common pool, which has a thread less than there are processors; the caller helps. */
    @Benchmark
    public List<Integer> parallelStream() {
        return checked(arguments.parallelStream().map(x -> x + 1).toList());
    }

    @Benchmark
    public List<Integer> invokeAll() throws InterruptedException, ExecutionException {
        List<Callable<Integer>> jobs = new ArrayList<>(tasks);
        for (Integer argument : arguments) {
            jobs.add(() -> argument + 1);
        }
        List<Integer> results = new ArrayList<>(tasks);
        for (Future<Integer> future : pool.invokeAll(jobs)) {
            results.add(future.get());
        }
        return checked(results);
    }
}
