package lox.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import lox.sync.Lox;
import lox.sync.Scatter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Tasks that wait, as for a network: 1,000 of 10 ms on 50 threads, ideally 200 ms, and 30,000 of 1 s, all at once, on
 * virtual threads, ideally 1 s. One operation is the whole batch.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class BlockedTasks {
    private static final int SHORT_TASKS = 1_000;
    private static final int SHORT_MILLIS = 10;
    private static final int THREADS = 50;
    private static final int LONG_TASKS = 30_000;
    private static final int LONG_MILLIS = 1_000;

    private static Integer wait(Integer x, int millis) throws InterruptedException {
        Thread.sleep(millis);
        return x + 1;
    }

    private static List<Integer> checked(List<Integer> results, int tasks) {
        if (results.size() != tasks || results.get(tasks - 1) != tasks) {
            throw new IllegalStateException("expected " + tasks + " results, but got " + results.size());
        }
        return results;
    }

    private static List<Integer> results(Scatter<Integer, Integer> scatter, int tasks) {
        for (int i = 0; i < tasks; i++) {
            scatter.scatter(i);
        }
        return checked(scatter.gather(), tasks);
    }

    private static List<Integer> results(ExecutorService pool, int tasks, int millis)
            throws ExecutionException, InterruptedException {
        List<Future<Integer>> futures = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            Integer x = i;
            futures.add(pool.submit(() -> wait(x, millis)));
        }
        List<Integer> results = new ArrayList<>(tasks);
        for (Future<Integer> future : futures) {
            results.add(future.get());
        }
        return checked(results, tasks);
    }

    // ---- on 50 threads ---------------------------------------------------------------------------------------------

    @State(Scope.Benchmark)
    public static class LoxThreads {
        final Scatter<Integer, Integer> scatter = Lox.thread(THREADS, x -> BlockedTasks.wait(x, SHORT_MILLIS));
    }

    @Benchmark
    public List<Integer> loxThreads(LoxThreads lox) {
        return results(lox.scatter, SHORT_TASKS);
    }

    /** With 50 threads to start. */
    @Benchmark
    public List<Integer> loxFreshThreads() {
        return results(Lox.thread(THREADS, x -> wait(x, SHORT_MILLIS)), SHORT_TASKS);
    }

    @State(Scope.Benchmark)
    public static class FixedPool {
        final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

        @TearDown
        public void stop() {
            pool.shutdown();
        }
    }

    @Benchmark
    public List<Integer> fixedPool(FixedPool peer) throws ExecutionException, InterruptedException {
        return results(peer.pool, SHORT_TASKS, SHORT_MILLIS);
    }

    // ---- on virtual threads, from Java 21 on -----------------------------------------------------------------------

    @State(Scope.Benchmark)
    public static class LoxVirtual {
        final Scatter<Integer, Integer> scatter = Lox.virtual(LONG_TASKS, x -> BlockedTasks.wait(x, LONG_MILLIS));
    }

    @Benchmark
    public List<Integer> loxVirtual(LoxVirtual lox) {
        return results(lox.scatter, LONG_TASKS);
    }

    @State(Scope.Benchmark)
    public static class VirtualThreads {
        final ExecutorService executor = virtualThreads();

        /** {@code Executors.newVirtualThreadPerTaskExecutor()}, which does not compile for Java 17. */
        private static ExecutorService virtualThreads() {
            try {
                return (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new UnsupportedOperationException("virtual threads need Java 21 or later", e);
            }
        }

        @TearDown
        public void stop() {
            executor.shutdown();
        }
    }

    @Benchmark
    public List<Integer> virtualThreadPerTask(VirtualThreads peer) throws ExecutionException, InterruptedException {
        return results(peer.executor, LONG_TASKS, LONG_MILLIS);
    }
}
