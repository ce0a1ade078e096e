package lox.benchmarks.locks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs each pair of {@link LockBenchmark} in turn, several times over, and prints the medians and their ratio. */
public final class Ratios {
    private record Row(String what, String ours, String theirs, int threads, double limit) {}

    private static final List<Row> ROWS = List.of(
            new Row("QLock / Semaphore(1, true)", "qLock", "fairSemaphore", 1, 3),
            new Row("QLock / Semaphore(1, true)", "qLock", "fairSemaphore", 8, 1),
            new Row("RWLock read / ReentrantReadWriteLock(true)", "rwLockRead", "fairReentrantReadWriteLockRead", 1, 3),
            new Row("IndexSemaphore / ArrayBlockingQueue", "indexSemaphore", "arrayBlockingQueueOfIndices", 1, 2),
            new Row("IndexSemaphore / ArrayBlockingQueue", "indexSemaphore", "arrayBlockingQueueOfIndices", 8, 2),
            new Row(
                    "IndexSemaphore / fair ArrayBlockingQueue",
                    "indexSemaphore",
                    "fairArrayBlockingQueueOfIndices",
                    8,
                    2),
            new Row("Locks.using / withPoolable", "locksUsing", "reactorPoolWithPoolable", 1, 0.25));

    private Ratios() {}

    /**
     * Runs all rows.
     *
     * @param args how many forks each benchmark is run in; 5 if absent
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws RunnerException {
        int forks = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        System.out.printf(
                "JDK %s, %d cores%n", Runtime.version(), Runtime.getRuntime().availableProcessors());
        for (Row row : ROWS) {
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int i = 0; i < forks; i++) { // in turn, so that both see the same weather
                ours.add(run(row.ours(), row.threads()));
                theirs.add(run(row.theirs(), row.threads()));
            }
            double mine = median(ours);
            double other = median(theirs);
            System.out.printf(
                    Locale.ROOT,
                    "%-44s %d thread(s): %9.1f ns / %9.1f ns = %.2f (limit %.2f, %s)%n",
                    row.what(),
                    row.threads(),
                    mine,
                    other,
                    mine / other,
                    row.limit(),
                    mine / other <= row.limit() ? "reached" : "MISSED");
        }
    }

    private static double run(String benchmark, int threads) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("LockBenchmark\\." + benchmark + "$")
                        .threads(threads)
                        .forks(1)
                        .warmupIterations(2)
                        .measurementIterations(3)
                        .warmupTime(TimeValue.milliseconds(400))
                        .measurementTime(TimeValue.milliseconds(400))
                        .verbosity(org.openjdk.jmh.runner.options.VerboseMode.SILENT)
                        .build())
                .run();
        return results.iterator().next().getPrimaryResult().getScore();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
