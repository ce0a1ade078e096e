package lox.benchmarks.locks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import lox.benchmarks.Medians;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs each pair of {@link LockBenchmark} in turn, several times over, and prints the medians and their ratio. */
public final class Ratios {
    private static final String QUEUE = "IndexSemaphore / ArrayBlockingQueue";

    /** One comparison; no resources where the benchmark has none. */
    private record Row(String what, String ours, String theirs, int resources, int threads, double limit) {
        @Override
        public String toString() {
            return resources == 0 ? what : what + " of " + resources;
        }
    }

    private static final List<Row> ROWS = List.of(
            new Row("QLock / Semaphore(1, true)", "qLock", "fairSemaphore", 0, 1, 3),
            new Row("QLock / Semaphore(1, true)", "qLock", "fairSemaphore", 0, 8, 1),
            new Row(
                    "RWLock read / ReentrantReadWriteLock(true)",
                    "rwLockRead",
                    "fairReentrantReadWriteLockRead",
                    0,
                    1,
                    3),
            new Row(QUEUE, "indexSemaphore", "arrayBlockingQueueOfIndices", 4, 1, 1.5),
            new Row(QUEUE, "indexSemaphore", "arrayBlockingQueueOfIndices", 4, 8, 1.5),
            new Row(QUEUE, "indexSemaphore", "arrayBlockingQueueOfIndices", 16, 1, 1.5),
            new Row(QUEUE, "indexSemaphore", "arrayBlockingQueueOfIndices", 16, 8, 1.5),
            new Row("Locks.usingMono / withPoolable", "locksUsing", "reactorPoolWithPoolable", 0, 1, 0.25));

    private Ratios() {}

    /**
     * Runs all rows, or some.
     *
     * @param args how many forks each benchmark is run in, 5 if absent; then the numbers of the rows to run, from 0,
     *     all if absent
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws RunnerException {
        int forks = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        System.out.printf(
                "JDK %s, %d cores%n", Runtime.version(), Runtime.getRuntime().availableProcessors());
        List<Row> rows = args.length < 2
                ? ROWS
                : Stream.of(args).skip(1).map(Integer::valueOf).map(ROWS::get).toList();
        for (Row row : rows) {
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int i = 0; i < forks; i++) { // in turn, so that both see the same weather
                ours.add(run(row.ours(), row));
                theirs.add(run(row.theirs(), row));
            }
            double mine = Medians.of(ours);
            double other = Medians.of(theirs);
            System.out.printf(
                    Locale.ROOT,
                    "%-45s %d thread(s): %9.1f ns / %9.1f ns = %.2f (limit %.2f, %s)%n",
                    row,
                    row.threads(),
                    mine,
                    other,
                    mine / other,
                    row.limit(),
                    mine / other <= row.limit() ? "reached" : "MISSED");
        }
    }

    private static double run(String benchmark, Row row) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("LockBenchmark\\." + benchmark + "$")
                .threads(row.threads())
                .forks(1)
                .warmupIterations(2)
                .measurementIterations(3)
                .warmupTime(TimeValue.milliseconds(400))
                .measurementTime(TimeValue.milliseconds(400))
                .verbosity(VerboseMode.SILENT);
        if (row.resources() > 0) {
            options.param("resources", String.valueOf(row.resources()));
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.iterator().next().getPrimaryResult().getScore();
    }
}
