package lox.benchmarks.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import lox.benchmarks.Medians;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;
import lox.sync.event.TaskEnd;
import lox.sync.event.TaskEvent;
import lox.sync.event.TaskListener;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to look: 200,000 trivial tasks without a listener, with one that counts, and with the flight recorder on
 * for tasks of a millisecond and more. The three take turns, round after round, in an order that changes; in each turn
 * they run several times, of which the first ones do not count: when a recording begins, the JVM discards compiled
 * code. Each round gives a ratio of medians, and the median of the ratios is printed. Give the number of rounds as an
 * argument; 20 by default.
 */
public final class Observed {
    private static final int TASKS = 200_000;
    private static final int WARM_UP = 3;
    private static final int RUNS = 12;
    private static final int FIRST_RUNS = 5;

    private final List<Integer> arguments = IntStream.range(0, TASKS).boxed().toList();
    private final LongAdder started = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final Scatter<Integer, Integer> plain = Lox.on(Workers.threads(2).build(), Observed::increment);
    private final Scatter<Integer, Integer> counted = Lox.on(
            Workers.threads(2)
                    .listeners(new TaskListener() {
                        @Override
                        public void taskStarted(TaskEvent task) {
                            started.increment();
                        }

                        @Override
                        public void taskEnded(TaskEvent task, TaskEnd end, long ranNanos, @Nullable Throwable failure) {
                            succeeded.increment();
                        }
                    })
                    .build(),
            Observed::increment);

    private Observed() {}

    private static int increment(int number) {
        return number + 1;
    }

    /** Nanoseconds a task, scattered one by one. */
    private double run(Scatter<Integer, Integer> function) {
        long begun = System.nanoTime();
        for (Integer argument : arguments) {
            function.scatter(argument);
        }
        List<Integer> results = function.gather();
        double nanos = (double) (System.nanoTime() - begun) / TASKS;
        if (results.size() != TASKS) {
            throw new IllegalStateException("lost tasks");
        }
        return nanos;
    }

    /** The median of some runs. */
    private double runs(Scatter<Integer, Integer> function) {
        for (int i = 0; i < FIRST_RUNS; i++) {
            run(function);
        }
        return Medians.of(IntStream.range(FIRST_RUNS, RUNS)
                .mapToDouble(i -> run(function))
                .toArray());
    }

    private double runsRecorded() {
        try (Recording recording = new Recording()) {
            recording.enable("lox.Task").withThreshold(Duration.ofMillis(1));
            recording.start();
            return runs(plain);
        }
    }

    private double runs(int mode) {
        return mode == 0 ? runs(plain) : mode == 1 ? runs(counted) : runsRecorded();
    }

    /**
     * Measures and prints.
     *
     * @param arguments the number of rounds, or nothing
     */
    public static void main(String[] arguments) {
        int rounds = arguments.length == 0 ? 20 : Integer.parseInt(arguments[0]);
        Observed observed = new Observed();
        List<double[]> measured = new ArrayList<>();
        for (int round = 0; round < WARM_UP + rounds; round++) {
            double[] nanos = new double[3];
            for (int i = 0; i < 3; i++) {
                int mode = (round + i) % 3;
                nanos[mode] = observed.runs(mode);
            }
            if (round >= WARM_UP) {
                measured.add(nanos);
            }
        }
        print("no listener", measured, 0);
        print("a listener that counts", measured, 1);
        print("flight recorder, 1 ms", measured, 2);
    }

    private static void print(String name, List<double[]> measured, int mode) {
        double nanos =
                Medians.of(measured.stream().mapToDouble(each -> each[mode]).toArray());
        double ratio = Medians.of(
                measured.stream().mapToDouble(each -> each[mode] / each[0]).toArray());
        double more = Medians.of(
                measured.stream().mapToDouble(each -> each[mode] - each[0]).toArray());
        System.out.printf(
                Locale.ROOT, "%-24s %6.1f ns a task, %5.3f of no listener, %+6.1f ns%n", name, nanos, ratio, more);
    }
}
