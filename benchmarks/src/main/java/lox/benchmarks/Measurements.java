package lox.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** What was measured, kept apart by round, and reduced to medians. */
final class Measurements {
    static final String TIME = "time";
    static final String ALLOCATED = "gc.alloc.rate.norm";

    /** One cell of the tables to come: a benchmark's method with so many tasks, and what was measured of it. */
    private record Cell(String benchmark, int tasks, String what) {}

    /** The median of one round for each cell, round by round. */
    private final Map<Cell, List<Double>> rounds = new LinkedHashMap<>();

    /** Adds one round: any number of benchmarks, each of which has not been in it before. */
    void add(Collection<RunResult> results) {
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            String method = name.substring(name.lastIndexOf('.') + 1);
            String tasks = result.getParams().getParam("tasks");
            int size = tasks == null ? 0 : Integer.parseInt(tasks);
            Map<String, List<Double>> scores = new LinkedHashMap<>();
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    note(scores, TIME, iteration.getPrimaryResult().getScore());
                    iteration
                            .getSecondaryResults()
                            .forEach((what, secondary) -> note(scores, what, secondary.getScore()));
                }
            }
            scores.forEach((what, iterations) -> add(new Cell(method, size, what), Medians.of(array(iterations))));
        }
    }

    private static void note(Map<String, List<Double>> scores, String what, double score) {
        scores.computeIfAbsent(what, key -> new ArrayList<>()).add(score);
    }

    private void add(Cell cell, double median) {
        rounds.computeIfAbsent(cell, key -> new ArrayList<>()).add(median);
    }

    boolean has(String benchmark, int tasks) {
        return rounds.containsKey(new Cell(benchmark, tasks, TIME));
    }

    /** The median over the rounds. */
    double of(String benchmark, int tasks, String what) {
        return Medians.of(inEachRound(benchmark, tasks, what));
    }

    /** The time of one task in nanoseconds, for benchmarks that tell the time of a batch in nanoseconds. */
    double nanosPerTask(String benchmark, int tasks) {
        return of(benchmark, tasks, TIME) / tasks;
    }

    double bytesPerTask(String benchmark, int tasks) {
        return of(benchmark, tasks, ALLOCATED) / tasks;
    }

    /** How the times of two benchmarks relate in each round: what disturbs a round disturbs both. Sorted. */
    double[] ratios(String benchmark, String peer, int tasks) {
        return ratios(inEachRound(benchmark, tasks, TIME), inEachRound(peer, tasks, TIME));
    }

    /** How the times of a task relate at two sizes, in each round. Sorted. */
    double[] growth(String benchmark, int smaller, int larger) {
        double[] ratios = ratios(inEachRound(benchmark, larger, TIME), inEachRound(benchmark, smaller, TIME));
        return Arrays.stream(ratios).map(ratio -> ratio * smaller / larger).toArray();
    }

    private static double[] ratios(double[] some, double[] others) {
        double[] ratios = new double[Math.min(some.length, others.length)];
        Arrays.setAll(ratios, i -> some[i] / others[i]);
        Arrays.sort(ratios);
        return ratios;
    }

    private double[] inEachRound(String benchmark, int tasks, String what) {
        List<Double> measured = rounds.get(new Cell(benchmark, tasks, what));
        if (measured == null) {
            throw new IllegalStateException(what + " of " + benchmark + " with " + tasks + " tasks was not measured");
        }
        return array(measured);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
