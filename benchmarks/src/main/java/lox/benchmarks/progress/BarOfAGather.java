package lox.benchmarks.progress;

import com.sun.management.OperatingSystemMXBean;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
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
 * <p>{@link #main} runs the two in turn, in one JVM, and prints the median of the ratios of neighbours, and the
 * ratio of the time of all processors, which says more where others use them.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class BarOfAGather {
    private static final double LIMIT = 1.05;
    private static final int WARM_UP = 40;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Scatter<Integer, Integer> increment = Lox.thread(4, x -> x + 1);
    private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

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
        print("bar", gather.pairs(pairs, gather::bar));
        print("idle progress", gather.pairs(pairs, gather::idle));
    }

    /** Microseconds of one batch: on the wall, and of all processors together. */
    private record Cost(double wall, double processors) {}

    private record Pair(Cost none, Cost told) {}

    private List<Pair> pairs(int count, Runnable told) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) { // in turns: whoever comes second may find the other's garbage
            if (i % 2 == 0) {
                Cost none = cost(this::none);
                pairs.add(new Pair(none, cost(told)));
            } else {
                Cost cost = cost(told);
                pairs.add(new Pair(cost(this::none), cost));
            }
        }
        return pairs;
    }

    private static Cost cost(Runnable work) {
        long processors = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        work.run();
        long end = System.nanoTime();
        return new Cost((end - start) / 1e3, (SYSTEM.getProcessCpuTime() - processors) / 1e3);
    }

    private static void print(String what, List<Pair> pairs) {
        print(
                what + ", time",
                median(pairs, pair -> pair.told().wall()),
                median(pairs, pair -> pair.none().wall()),
                median(pairs, pair -> pair.told().wall() / pair.none().wall()));
        // a system may count it in steps of ten milliseconds: only the sums say something
        double told =
                pairs.stream().mapToDouble(pair -> pair.told().processors()).sum();
        double none =
                pairs.stream().mapToDouble(pair -> pair.none().processors()).sum();
        print(what + ", processors", told / pairs.size(), none / pairs.size(), told / none);
    }

    private static void print(String what, double told, double none, double ratio) {
        System.out.printf(
                Locale.ROOT,
                "%-26s %7.0f / %7.0f us, ratio %.3f (at most %.2f): %s%n",
                what,
                told,
                none,
                ratio,
                LIMIT,
                ratio <= LIMIT ? "reached" : "missed");
    }

    private static double median(List<Pair> pairs, ToDoubleFunction<Pair> value) {
        double[] sorted = pairs.stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
