package lox.benchmarks.funnel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lox.benchmarks.Medians;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs each way to join in turn, several times over, and prints the medians, their ratio to {@code groupBy}, and the
 * target.
 */
public final class Ratios {
    private record Row(String benchmark, double limit) {}

    private static final List<Row> ROWS = List.of(
            new Row("groupBy", 0),
            new Row("concurrentHashMap", 0),
            new Row("funnel", 0.25),
            new Row("funnelTaken", 0.25),
            new Row("funnelJoin", 0));

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
        Map<String, List<Double>> times = new HashMap<>();
        for (int i = 0; i < forks; i++) { // in turn, so that all see the same weather
            for (Row row : ROWS) {
                times.computeIfAbsent(row.benchmark(), name -> new ArrayList<>())
                        .add(run(row.benchmark()));
            }
        }
        double peer = Medians.of(times.getOrDefault("groupBy", List.of()));
        for (Row row : ROWS) {
            double time = Medians.of(times.getOrDefault(row.benchmark(), List.of()));
            String verdict = row.limit() == 0 ? "" : time / peer <= row.limit() ? "reached" : "missed";
            System.out.printf(
                    Locale.ROOT,
                    "%-20s %7.1f ns a join, %.2f of groupBy + take(2) + collectList %s%n",
                    row.benchmark(),
                    time,
                    time / peer,
                    row.limit() == 0 ? "" : "(limit " + row.limit() + ": " + verdict + ")");
        }
    }

    private static double run(String benchmark) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("FunnelBenchmark\\." + benchmark + "$")
                        .forks(1)
                        .warmupIterations(2)
                        .measurementIterations(3)
                        .warmupTime(TimeValue.milliseconds(300))
                        .measurementTime(TimeValue.milliseconds(300))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()
                .iterator()
                .next()
                .getPrimaryResult()
                .getScore();
    }
}
