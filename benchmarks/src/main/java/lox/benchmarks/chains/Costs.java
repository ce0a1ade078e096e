package lox.benchmarks.chains;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import lox.benchmarks.Medians;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link Batches}, all of them in turn, several times over, and says which targets are reached. */
public final class Costs {
    private static final List<String> BENCHMARKS =
            List.of("plain", "chainOfTwo", "taskTimeout", "retry", "gatherStream", "gatherAsCompleted");
    private static final double CHAIN_RATIO = 2.5;

    /**
     * Four times: a chain's three threads share few cores with the compiler, and are not at their speed after a second
     * or two.
     */
    private static final TimeValue WARM_UP = TimeValue.seconds(1);

    private static final double TIMEOUT_NANOS = 60;

    private Costs() {}

    /**
     * Runs all.
     *
     * @param args how many rounds, 3 if absent; and which benchmarks beside the first, all if absent
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String[] args) throws RunnerException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        Map<String, double[]> times = new LinkedHashMap<>();
        List<String> wanted = args.length > 1 ? List.of(args).subList(1, args.length) : BENCHMARKS;
        if (!BENCHMARKS.containsAll(wanted)) {
            throw new IllegalArgumentException("benchmarks are " + BENCHMARKS + ", but asked for were " + wanted);
        }
        times.put("plain", new double[rounds]);
        wanted.forEach(benchmark -> times.put(benchmark, new double[rounds]));
        for (int round = 0; round < rounds; round++) { // in turn, so that all see the same weather
            for (Map.Entry<String, double[]> one : times.entrySet()) {
                one.getValue()[round] = run(one.getKey());
            }
        }
        System.out.printf(
                "JDK %s, %d cores, %d rounds; nanoseconds a task, medians%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), rounds);
        times.forEach((benchmark, each) -> System.out.printf(
                Locale.ROOT, "%-14s %7.1f   %s%n", benchmark, Medians.of(each), Arrays.toString(rounded(each))));
        double[] plain = times(times, "plain");
        if (wanted.contains("chainOfTwo")) {
            double ratio = paired(times(times, "chainOfTwo"), plain, (chain, one) -> chain / one);
            report("chainOfTwo / plain", ratio, CHAIN_RATIO);
        }
        if (wanted.contains("taskTimeout")) {
            double nanos = paired(times(times, "taskTimeout"), plain, (timed, one) -> timed - one);
            report("taskTimeout - plain, ns", nanos, TIMEOUT_NANOS);
        }
    }

    /** Round by round, for a machine's speed may change by half from one minute to the next. The median. */
    private static double paired(double[] ones, double[] others, DoubleBinaryOperator comparison) {
        double[] compared = new double[ones.length];
        for (int i = 0; i < ones.length; i++) {
            compared[i] = comparison.applyAsDouble(ones[i], others[i]);
        }
        return Medians.of(compared);
    }

    private static void report(String what, double is, double limit) {
        System.out.printf(
                Locale.ROOT, "%-26s %7.2f, at most %.1f: %s%n", what, is, limit, is <= limit ? "reached" : "missed");
    }

    private static double[] times(Map<String, double[]> times, String benchmark) {
        double[] measured = times.get(benchmark);
        if (measured == null) {
            throw new IllegalStateException(benchmark + " was not measured");
        }
        return measured;
    }

    private static double run(String benchmark) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("chains\\.Batches\\." + benchmark + "$")
                        .forks(1)
                        .warmupIterations(4)
                        .measurementIterations(4)
                        .warmupTime(WARM_UP)
                        .measurementTime(TimeValue.milliseconds(500))
                        .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()
                .iterator()
                .next()
                .getPrimaryResult()
                .getScore();
    }

    private static double[] rounded(double[] values) {
        return Arrays.stream(values).map(value -> Math.round(value * 10) / 10.0).toArray();
    }
}
