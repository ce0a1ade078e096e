package lox.benchmarks.progress;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import lox.progress.Display;
import lox.progress.ProgressBar;
import lox.sync.Lox;
import lox.sync.Scatter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A trivial task, {@code x -> x + 1}, many times on four workers, with a bar and without, drawn to a stream that throws
 * everything away. One operation is the whole batch, its bar's beginning and end included.
 *
 * <p>{@link #main} runs the two in turn, in one JVM, and prints the median of the ratios of neighbours.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class BarOfAGather {
    private static final double LIMIT = 1.05;
    private static final int WARM_UP = 40;

    private final Scatter<Integer, Integer> increment = Lox.thread(4, x -> x + 1);
    private final PrintStream nowhere =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    /** How many tasks a batch has. */
    @Param("200000")
    public int tasks = 200_000;

    /** Nobody is told. */
    @Benchmark
    public List<Integer> none() {
        scatter();
        return increment.gather();
    }

    /** A bar. */
    @Benchmark
    public List<Integer> bar() {
        scatter();
        return increment.gather(ProgressBar.builder("tasks")
                .display(Display.BAR)
                .output(nowhere)
                .build());
    }

    /** A progress that does nothing: what the updates alone cost. */
    @Benchmark
    public List<Integer> idle() {
        scatter();
        return increment.gather((done, failed, total) -> {});
    }

    private void scatter() {
        for (int i = 0; i < tasks; i++) {
            increment.scatter(i);
        }
    }

    /**
     * Prints the paired ratio.
     *
     * @param args how many pairs; 300 if absent
     */
    public static void main(String[] args) {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 300;
        BarOfAGather gather = new BarOfAGather();
        System.out.printf(
                "JDK %s, %d cores; %d tasks, %d pairs%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), gather.tasks, pairs);
        gather.pairs(WARM_UP, gather::bar);
        gather.print("bar", gather.pairs(pairs, gather::bar));
        gather.print("idle progress", gather.pairs(pairs, gather::idle));
    }

    private List<double[]> pairs(int count, Runnable told) {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean noneFirst = i % 2 == 0; // whoever comes second may find the other's garbage
            double first = micros(noneFirst ? this::none : told);
            double second = micros(noneFirst ? told : this::none);
            pairs.add(noneFirst ? new double[] {first, second} : new double[] {second, first});
        }
        return pairs;
    }

    private static double micros(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e3;
    }

    private void print(String what, List<double[]> pairs) {
        double none = median(pairs.stream().map(pair -> pair[0]).toList());
        double told = median(pairs.stream().map(pair -> pair[1]).toList());
        double ratio = median(pairs.stream().map(pair -> pair[1] / pair[0]).toList());
        System.out.printf(
                Locale.ROOT,
                "%-14s %8.0f / %8.0f us, median of the ratios %.3f (at most %.2f): %s%n",
                what,
                told,
                none,
                ratio,
                LIMIT,
                ratio <= LIMIT ? "reached" : "missed");
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
