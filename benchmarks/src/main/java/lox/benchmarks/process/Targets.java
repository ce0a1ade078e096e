package lox.benchmarks.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import lox.benchmarks.Medians;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.sync.Workers;

/** Measures every target of process mode in one run, takes medians, and says which are reached. About a minute. */
public final class Targets {
    private static final int WORKERS = 2;
    private static final int ROUNDS = 7;
    private static final int COLD_ROUNDS = 21;
    private static final int WARM_UP_ROUNDS = 5;
    private static final int LARGE_TASKS = 500;

    private Targets() {}

    /**
     * Measures.
     *
     * @param args which lines: any of trivial, large, cold, busy, idle; full, or none, for all
     * @throws IllegalArgumentException if there is no such line
     * @throws Exception if a child does not do what it should
     */
    public static void main(String[] args) throws Exception {
        List<String> all = List.of("trivial", "large", "cold", "busy", "idle");
        List<String> wanted = args.length == 0 || args[0].equals("full") ? all : List.of(args);
        if (wanted.contains("nothing")) {
            return;
        }
        if (!all.containsAll(wanted)) {
            throw new IllegalArgumentException("lines are " + all + ", but asked for were " + wanted);
        }
        System.out.printf(
                "JDK %s, %d processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        if (wanted.contains("trivial")) {
            trivial();
        }
        if (wanted.contains("large")) {
            large();
        }
        if (wanted.contains("cold")) {
            cold();
        }
        if (wanted.contains("busy")) {
            row("20 ms tasks on 2 workers, beside 1", speedUp(), "x", 1.85, false);
        }
        if (wanted.contains("idle")) {
            idle();
        }
    }

    // ---- the lines -------------------------------------------------------------------------------------------------

    private static void trivial() throws Exception {
        double lox = trivialNanos();
        row("trivial task, 2 workers, 200,000 of them", lox / 1e3, "us", 1.0, true);
        double byHand = OneAtATime.nanosPerTask(WORKERS, 40_000);
        row("ProcessBuilder + object streams: " + us(byHand) + " us, lox is faster", byHand / lox, "x", 5, false);
        OptionalDouble python = Python.nanosPerTask(WORKERS, 20_000);
        if (python.isPresent()) {
            row(
                    "ProcessPoolExecutor.submit: " + us(python.getAsDouble()) + " us, lox is faster",
                    python.getAsDouble() / lox,
                    "x",
                    50,
                    false);
        } else {
            System.out.println("no python3: ProcessPoolExecutor not measured");
        }
    }

    private static void large() throws Exception {
        double bare = BareSocket.bytesPerSecond(LARGE_TASKS, ROUNDS) / (1 << 30);
        System.out.printf(Locale.ROOT, "  (1 MiB there and back over a bare Unix domain socket: %.2f GiB/s)%n", bare);
        row("1 MiB there and back, 1 worker, both ways counted", gibibytesPerSecond(1), "GiB/s", 4, false);
        row("the same, 2 workers", gibibytesPerSecond(2), "GiB/s", 4, false);
    }

    private static double trivialNanos() throws Exception {
        int tasks = 200_000;
        try (Workers jvms = Workers.processes(WORKERS).build()) {
            Scatter<Integer, Integer> next = Lox.on(jvms, i -> i + 1);
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                expected.add(i + 1);
            }
            return median(ROUNDS + 3, () -> {
                long begun = System.nanoTime();
                for (int i = 0; i < tasks; i++) {
                    next.scatter(i);
                }
                List<Integer> results = next.gather();
                double nanos = (double) (System.nanoTime() - begun) / tasks;
                check(results.equals(expected));
                return nanos;
            });
        }
    }

    private static double gibibytesPerSecond(int workers) throws Exception {
        int tasks = LARGE_TASKS;
        byte[] mebibyte = new byte[1 << 20];
        try (Workers jvms = Workers.processes(workers).build()) {
            Scatter<byte[], byte[]> echo = Lox.on(jvms, bytes -> bytes);
            Callable<Double> round = () -> {
                long begun = System.nanoTime();
                for (int i = 0; i < tasks; i++) {
                    echo.scatter(mebibyte);
                }
                List<byte[]> results = echo.gather();
                double took = System.nanoTime() - begun;
                check(results.size() == tasks && results.get(tasks - 1).length == mebibyte.length);
                return took;
            };
            median(WARM_UP_ROUNDS, round);
            double nanos = median(ROUNDS, round);
            return 2.0 * tasks * mebibyte.length / nanos * 1e9 / (1 << 30);
        }
    }

    /**
     * In turns, for the machine has fast minutes and slow ones. The pool is cold each time, this JVM only the first
     * time.
     */
    private static void cold() throws Exception {
        List<Double> empty = new ArrayList<>();
        List<Double> first = new ArrayList<>();
        for (int i = 0; i < COLD_ROUNDS; i++) {
            empty.add(startEmptyJvm());
            first.add(firstResult());
        }
        System.out.printf("  (first result of this JVM: %s ms)%n", ms(first.get(0)));
        double ratio = Medians.of(first) / Medians.of(empty);
        row(
                "first result " + ms(Medians.of(first)) + " ms, empty java " + ms(Medians.of(empty)) + " ms",
                ratio,
                "x",
                3,
                true);
    }

    private static double startEmptyJvm() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Targets.class.getName(),
                        "nothing")
                .start();
        check(process.waitFor() == 0);
        return System.nanoTime() - begun;
    }

    private static double firstResult() {
        long begun = System.nanoTime();
        try (Workers jvms = Workers.processes(1).build()) {
            Scatter<Integer, Integer> next = Lox.on(jvms, i -> i + 1);
            next.scatter(1);
            check(next.gather().get(0) == 2);
            return System.nanoTime() - begun;
        }
    }

    private static double speedUp() throws Exception {
        double one = busy(1);
        double two = busy(2);
        System.out.printf(Locale.ROOT, "  (one worker %.1f ms a task, two %.1f)%n", one / 1e6, two / 1e6);
        return one / two;
    }

    private static double busy(int workers) throws Exception {
        int tasks = 60;
        try (Workers jvms = Workers.processes(workers).build()) {
            Scatter<Integer, Long> spin = Lox.on(jvms, Targets::spin);
            return median(3, () -> {
                for (int i = 0; i < 2 * workers; i++) {
                    spin.scatter(i);
                }
                spin.gather(); // warm, and all children there
                long begun = System.nanoTime();
                for (int i = 0; i < tasks; i++) {
                    spin.scatter(i);
                }
                check(spin.gather().size() == tasks);
                return (double) (System.nanoTime() - begun) / tasks;
            });
        }
    }

    /** About 20 ms of arithmetic that nothing can be left out of. */
    private static long spin(int seed) {
        long state = seed + 1L;
        for (int i = 0; i < 16_000_000; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
        }
        return state;
    }

    private static void idle() throws Exception {
        try (Workers jvms = Workers.processes(WORKERS).build()) {
            Scatter<Integer, Integer> next = Lox.on(jvms, i -> i + 1);
            for (int i = 0; i < 10_000; i++) {
                next.scatter(i);
            }
            check(next.gather().size() == 10_000);
            row("resident memory of a child", Children.mostResidentBytes() / 1048576.0, "MB", 64, true);
            TimeUnit.SECONDS.sleep(1); // compilers come to rest
            long before = Children.cpuNanos();
            TimeUnit.SECONDS.sleep(5);
            double millis = (Children.cpuNanos() - before) / 5e6;
            row("processor time of an idle pool of 2, a second", millis, "ms", 1, true);
        }
    }

    // ---- arithmetic ------------------------------------------------------------------------------------------------

    private static double median(int rounds, Callable<Double> measurement) throws Exception {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            values.add(measurement.call());
        }
        return Medians.of(values);
    }

    private static void check(boolean right) {
        if (!right) {
            throw new IllegalStateException("a result is wrong");
        }
    }

    private static String us(double nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
    }

    private static String ms(double nanos) {
        return String.format(Locale.ROOT, "%.0f", nanos / 1e6);
    }

    private static void row(String what, double value, String unit, double target, boolean atMost) {
        boolean reached = atMost ? value <= target : value >= target;
        System.out.printf(
                Locale.ROOT,
                "%-68s %8.2f %-5s  %s %s %s%n",
                what,
                value,
                unit,
                reached ? "reached" : "MISSED ",
                atMost ? "at most" : "at least",
                String.format(Locale.ROOT, "%.2f", target));
    }
}
