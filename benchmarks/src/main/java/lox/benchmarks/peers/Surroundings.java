package lox.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import lox.benchmarks.Medians;
import lox.benchmarks.announcements.PutBenchmark;
import lox.benchmarks.announcements.Ratios;
import lox.benchmarks.peers.Subject.Figure;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Where a figure is measured. */
enum Surroundings {
    /** Each in a JVM that runs nothing else: what JMH does. */
    OWN_JVM("own", "in a JVM of its own") {
        @Override
        double nanos(Figure figure) throws Exception {
            return figure.isPut()
                    ? Ratios.run(figure.benchmark(), 1)
                    : jmh(
                            figure,
                            benchmark(figure)
                                    .forks(1)
                                    .jvmArgs("-XX:+UseG1GC", "-Xms4g", "-Xmx4g", "-Xmn2g", "-XX:+AlwaysPreTouch")
                                    .warmupIterations(4));
        }
    },

    /**
     * All in this JVM, as in an application: what one has taught the JIT compiler is there when the next one runs. The
     * caller runs everything once before what counts.
     */
    ONE_JVM("one", "in one JVM with all others") {
        @Override
        double nanos(Figure figure) throws Exception {
            return figure.isPut()
                    ? PutBenchmark.median(figure.benchmark(), 1)
                    : jmh(figure, benchmark(figure).forks(0).warmupIterations(1));
        }
    };

    private final String key;
    private final String title;

    Surroundings(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** Its name in the file of results. */
    String key() {
        return key;
    }

    /** Measures once: the median of some iterations. */
    abstract double nanos(Figure figure) throws Exception;

    private static ChainedOptionsBuilder benchmark(Figure figure) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + figure.benchmark().replace(".", "\\.") + "$")
                .threads(1)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(400))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        return figure.tasks() == 0 ? options : options.param("tasks", Integer.toString(figure.tasks()));
    }

    private static double jmh(Figure figure, ChainedOptionsBuilder options) throws Exception {
        RunResult result = new Runner(options.build()).runSingle();
        List<Double> scores = new ArrayList<>();
        for (IterationResult iteration : result.getAggregatedResult().getIterationResults()) {
            scores.add(iteration.getPrimaryResult().getScore());
        }
        return Medians.of(scores) / Math.max(1, figure.tasks());
    }

    @Override
    public String toString() {
        return title;
    }
}
