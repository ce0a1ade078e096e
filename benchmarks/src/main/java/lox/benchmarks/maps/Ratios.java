package lox.benchmarks.maps;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import lox.benchmarks.Medians;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs lox and each peer of {@link MapBenchmark} in turn, and prints the medians, their ratio, and whether the target
 * is reached.
 */
public final class Ratios {
    private record Row(String what, String ours, String theirs, double limit) {}

    private static final List<Row> ROWS = List.of(
            new Row("Reactor, ahead 256 / flatMapSequential(256)", "loxReactorAhead256", "flatMapSequential256", 0.1),
            new Row(
                    "Reactor, by default (ahead 16) / flatMapSequential(256)",
                    "loxReactor",
                    "flatMapSequential256",
                    0.1),
            new Row("RxJava, ahead 256 / concatMapEager(256)", "loxRxJavaAhead256", "concatMapEager256", 1 / 3.0),
            new Row("RxJava, by default (ahead 16) / concatMapEager(256)", "loxRxJava", "concatMapEager256", 1 / 3.0));

    private Ratios() {}

    /**
     * Runs all rows.
     *
     * @param args how many forks each benchmark is run in; 3 if absent
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws RunnerException {
        int forks = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        System.out.printf(
                "JDK %s, %d cores; nanoseconds an element%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        for (Row row : ROWS) {
            List<Double> ours = new ArrayList<>();
            List<Double> theirs = new ArrayList<>();
            for (int i = 0; i < forks; i++) { // in turn, so that both see the same weather
                ours.add(run(row.ours()));
                theirs.add(run(row.theirs()));
            }
            double mine = Medians.of(ours);
            double other = Medians.of(theirs);
            System.out.printf(
                    Locale.ROOT,
                    "%-46s %7.0f / %7.0f = %.3f (at most %.3f): %s%n",
                    row.what(),
                    mine,
                    other,
                    mine / other,
                    row.limit(),
                    mine <= other * row.limit() ? "reached" : "missed");
        }
    }

    private static double run(String benchmark) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("maps\\.MapBenchmark\\." + benchmark + "$")
                        .forks(1)
                        .warmupIterations(3)
                        .measurementIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementTime(TimeValue.seconds(1))
                        .jvmArgs("-Xms1g", "-Xmx1g")
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        return results.iterator().next().getPrimaryResult().getScore();
    }
}
