package lox.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures lox beside its peers and prints how they compare: the one command of {@code benchmarks/README.md}. Takes
 * {@code full}, the default, or {@code quick}. JMH's own output goes to {@code target/comparison}, the tables there
 * too.
 */
public final class Comparison {
    static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

    /** The same for lox and all peers. Why it is so stands in README.md. */
    // Touched beforehand: else the first use of each page of the heap is part of the figures, in some JVMs twice the
    // rest.
    private static final List<String> JVM =
            List.of("-XX:+UseG1GC", "-Xms4g", "-Xmx4g", "-Xmn2g", "-XX:+AlwaysPreTouch");

    /** Peers that take five seconds and more for one batch of {@link Report#HUGE}. */
    private static final List<String> SLOW = List.of("sinksFlatMapSequential", "concatMapEager", "parallelCollectors");

    private final boolean quick;
    private final Path logs;
    private final Measurements measurements = new Measurements();
    private final long begun = System.nanoTime();

    private Comparison(boolean quick, Path logs) {
        this.quick = quick;
        this.logs = logs;
    }

    /**
     * Runs everything.
     *
     * @param arguments {@code full} or {@code quick}
     * @throws RunnerException if a benchmark fails, as it does when its results are wrong
     * @throws IOException if target/comparison cannot be written
     */
    public static void main(String[] arguments) throws RunnerException, IOException {
        String mode = arguments.length == 0 ? "full" : arguments[0];
        if (arguments.length > 1 || !List.of("full", "quick").contains(mode)) {
            throw new IllegalArgumentException("give \"full\" or \"quick\", not " + List.of(arguments));
        }
        Path logs = Files.createDirectories(Path.of("target", "comparison"));
        Comparison comparison = new Comparison(mode.equals("quick"), logs);
        String report = comparison.measure();
        System.out.println(report);
        Files.writeString(logs.resolve("tables.txt"), report);
    }

    private String measure() throws RunnerException {
        int rounds = quick ? 1 : 3;
        for (int round = 1; round <= rounds; round++) {
            scatterGather(Report.SMALL, round);
            scatterGather(Report.LARGE, round);
            if (round < 3) { // the slow peers alone take two minutes for one round
                scatterGather(Report.HUGE, round);
            }
        }
        blockedThreads();
        RunnerException tooBig = null;
        if (HAS_VIRTUAL_THREADS) {
            try {
                blockedVirtualThreads();
            } catch (RunnerException e) { // out of memory, most likely: a target missed, and the log says how
                tooBig = e;
            }
        }
        run("memory", options("Footprint").jvmArgs("-Xms2g", "-Xmx2g").warmupIterations(1));
        return new Report(measurements, JVM, quick ? "quick" : "full", rounds, elapsed(), tooBig).toString();
    }

    /**
     * Lox and its peers in turn, each in a JVM of its own. A round after the other, so that what disturbs the machine
     * meets all.
     */
    private void scatterGather(int tasks, int round) throws RunnerException {
        boolean huge = tasks == Report.HUGE;
        ChainedOptionsBuilder options = options("ScatterGather")
                .param("tasks", Integer.toString(tasks))
                .jvmArgs(JVM.toArray(new String[0]))
                .addProfiler(GCProfiler.class)
                .warmupIterations(huge ? 1 : 4)
                .warmupTime(TimeValue.milliseconds(huge ? 1_000 : quick ? 300 : 500))
                .measurementIterations(huge ? 1 : 5)
                .measurementTime(TimeValue.milliseconds(huge ? 1_000 : quick ? 200 : 300));
        if (!HAS_VIRTUAL_THREADS) {
            exclude(options, "loxVirtual");
        }
        if (huge && quick) {
            SLOW.forEach(peer -> exclude(options, peer));
        }
        run(String.format("%,d tasks, round %d", tasks, round), options);
    }

    private static void exclude(ChainedOptionsBuilder options, String method) {
        options.exclude("\\." + method + "$");
    }

    private void blockedThreads() throws RunnerException {
        ChainedOptionsBuilder options =
                options("BlockedTasks").jvmArgs("-Xmx300m").warmupIterations(3).measurementIterations(15);
        exclude(options, "loxVirtual");
        exclude(options, "virtualThreadPerTask");
        run("1,000 tasks of 10 ms on 50 threads", options);
    }

    private void blockedVirtualThreads() throws RunnerException {
        ChainedOptionsBuilder options = options("BlockedTasks.*irtual")
                .jvmArgs("-Xmx300m")
                .warmupIterations(1)
                .measurementIterations(quick ? 3 : 5);
        run("30,000 tasks of 1 s on virtual threads", options);
    }

    private static ChainedOptionsBuilder options(String include) {
        return new OptionsBuilder()
                .include("lox\\.benchmarks\\." + include)
                .forks(1)
                .measurementIterations(1)
                .shouldFailOnError(true);
    }

    private void run(String what, ChainedOptionsBuilder options) throws RunnerException {
        System.out.printf("%4d s  %s%n", elapsed().toSeconds(), what);
        Path log = logs.resolve(what.replaceAll("[^a-z0-9]+", "-") + ".log");
        measurements.add(new Runner(options.output(log.toString()).build()).run());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
