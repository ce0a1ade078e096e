package lox.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/** The tables of a {@link Comparison}, and what was asked of lox beside what it reached. */
final class Report {
    static final int SMALL = 1_000;
    static final int LARGE = 200_000;
    static final int HUGE = 5_000_000;
    private static final List<Integer> SIZES = List.of(SMALL, LARGE, HUGE);
    private static final List<String> DIALECTS = List.of("loxSync", "loxReactor", "loxRxJava");

    /** A peer, and lox in the dialect that the peer's users would take. */
    private record Peer(String method, String title, String dialect) {}

    private static final List<Peer> PEERS = List.of(
            new Peer("sinksFlatMapSequential", "Reactor Sinks + flatMapSequential", "loxReactor"),
            new Peer("concatMapEager", "RxJava concatMapEager", "loxRxJava"),
            new Peer("submitGet", "ExecutorService submit + get", "loxSync"),
            new Peer("supplyAsync", "CompletableFuture supplyAsync", "loxSync"),
            new Peer("invokeAll", "ExecutorService invokeAll", "loxSync"),
            new Peer("parallelCollectors", "parallel-collectors", "loxSync"),
            new Peer("parallelCollectorsBatching", "parallel-collectors, batching", "loxSync"));

    private final Measurements measured;
    private final StringBuilder text = new StringBuilder();

    Report(
            Measurements measured,
            List<String> jvm,
            String mode,
            int rounds,
            Duration took,
            @Nullable RunnerException virtualThreadsFailed) {
        this.measured = measured;
        line("");
        line(
                "lox beside its peers: x -> x + 1 on %d workers, %s, Java %s, %d processors, %s run of %d:%02d minutes",
                ScatterGather.WORKERS,
                String.join(" ", jvm),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                mode,
                took.toMinutes(),
                took.toSecondsPart());
        line(
                "Medians over %d round(s). The ratio is lox's time to the peer's in the same round, with the range over rounds.",
                rounds);
        line("");
        peers();
        dialects();
        targets(virtualThreadsFailed);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    // ---- tables ----------------------------------------------------------------------------------------------------

    private void peers() {
        line(
                "| %-33s | %9s | %9s | %-10s | %9s | %-21s | %6s | %6s |",
                "peer", "tasks", "ns a task", "lox", "ns a task", "ratio", "B/task", "lox B");
        line(
                "|%s|%s:|%s:|%s|%s:|%s|%s:|%s:|",
                "-".repeat(35),
                "-".repeat(10),
                "-".repeat(10),
                "-".repeat(12),
                "-".repeat(10),
                "-".repeat(23),
                "-".repeat(7),
                "-".repeat(7));
        for (Peer peer : PEERS) {
            for (int tasks : SIZES) {
                if (measured.has(peer.method, tasks)) {
                    line(
                            "| %-33s | %,9d | %,9.0f | %-10s | %,9.0f | %-21s | %,6.0f | %,6.0f |",
                            peer.title,
                            tasks,
                            measured.nanosPerTask(peer.method, tasks),
                            peer.dialect,
                            measured.nanosPerTask(peer.dialect, tasks),
                            range(measured.ratios(peer.dialect, peer.method, tasks)),
                            measured.bytesPerTask(peer.method, tasks),
                            measured.bytesPerTask(peer.dialect, tasks));
                } else {
                    line(
                            "| %-33s | %,9d | %9s | %-10s | %9s | %-21s | %6s | %6s |",
                            peer.title, tasks, "-", peer.dialect, "-", "not in a quick run", "-", "-");
                }
            }
        }
        line("");
    }

    private void dialects() {
        line("| %-10s | %9s | %9s | %6s |", "lox", "tasks", "ns a task", "B/task");
        line("|%s|%s:|%s:|%s:|", "-".repeat(12), "-".repeat(10), "-".repeat(10), "-".repeat(7));
        for (String dialect :
                Stream.concat(DIALECTS.stream(), Stream.of("loxVirtual")).toList()) {
            for (int tasks : SIZES) {
                if (measured.has(dialect, tasks)) {
                    line(
                            "| %-10s | %,9d | %,9.0f | %,6.0f |",
                            dialect,
                            tasks,
                            measured.nanosPerTask(dialect, tasks),
                            measured.bytesPerTask(dialect, tasks));
                }
            }
        }
        line("");
    }

    private static String range(double... sorted) {
        String median = String.format(Locale.ROOT, "%.3f", Medians.of(sorted));
        return sorted.length == 1
                ? median
                : String.format(Locale.ROOT, "%s (%.3f-%.3f)", median, sorted[0], sorted[sorted.length - 1]);
    }

    // ---- targets ---------------------------------------------------------------------------------------------------

    private void targets(@Nullable RunnerException virtualThreadsFailed) {
        line("Targets:");
        ratioTo("sinksFlatMapSequential", 0.05);
        ratioTo("submitGet", 0.5);
        ratioTo("supplyAsync", 0.6);
        growth();
        target(
                "bytes kept a task beyond argument and result",
                16,
                worstFootprint("keptPerTask"),
                footprint("keptPerTask"));
        // A slot takes 5 bytes with compressed references, half of all slots may be unused, and starting a lane takes
        // some.
        target(
                "bytes a task allocated by scatter alone, chunks and starts of lanes",
                10.5,
                worstFootprint("scatteredPerTask"),
                footprint("scatteredPerTask"));
        double threads = measured.of("loxThreads", 0, Measurements.TIME);
        target(
                "ms for 1,000 tasks of 10 ms on 50 threads",
                210,
                threads,
                String.format(
                        Locale.ROOT,
                        "%.1f; threads started first %.1f; a fixed pool of 50 %.1f",
                        threads,
                        measured.of("loxFreshThreads", 0, Measurements.TIME),
                        measured.of("fixedPool", 0, Measurements.TIME)));
        virtualThreads(virtualThreadsFailed);
    }

    private void virtualThreads(@Nullable RunnerException failed) {
        String what = "ms for 30,000 tasks of 1 s on virtual threads, in a heap of 300 MB";
        if (failed != null) {
            target(what, 1_500, Double.POSITIVE_INFINITY, "failed, see target/comparison: " + failed.getMessage());
        } else if (measured.has("loxVirtual", 0)) {
            double time = measured.of("loxVirtual", 0, Measurements.TIME);
            target(
                    what,
                    1_500,
                    time,
                    String.format(
                            Locale.ROOT,
                            "%.0f; newVirtualThreadPerTaskExecutor %.0f",
                            time,
                            measured.of("virtualThreadPerTask", 0, Measurements.TIME)));
        } else {
            line("  not run  %s: needs Java 21", what);
        }
    }

    private void ratioTo(String peer, double limit) {
        List<Double> ratios = new ArrayList<>();
        for (String dialect : DIALECTS) {
            ratios.add(Medians.of(measured.ratios(dialect, peer, LARGE)));
        }
        target(String.format(Locale.ROOT, "time at %,d to %s, every dialect", LARGE, peer), limit, ratios);
    }

    private void growth() {
        List<Double> ratios = new ArrayList<>();
        for (String dialect : DIALECTS) {
            ratios.add(Medians.of(measured.growth(dialect, LARGE, HUGE)));
        }
        target(String.format(Locale.ROOT, "time a task at %,d to %,d, every dialect", HUGE, LARGE), 1.5, ratios);
    }

    private void target(String what, double limit, List<Double> ofEachDialect) {
        double worst =
                ofEachDialect.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        String each = ofEachDialect.stream()
                .map(ratio -> String.format(Locale.ROOT, "%.3f", ratio))
                .collect(Collectors.joining(", "));
        target(what, limit, worst, each);
    }

    private void target(String what, double limit, double worst, String found) {
        line("  %-7s  %s: at most %s; found %s", worst <= limit ? "reached" : "MISSED", what, number(limit), found);
    }

    private static String number(double limit) {
        return limit == Math.rint(limit) ? String.format(Locale.ROOT, "%,.0f", limit) : Double.toString(limit);
    }

    private double worstFootprint(String what) {
        return FOOTPRINT_SIZES.stream()
                .mapToDouble(tasks -> measured.of("measure", tasks, what))
                .max()
                .orElseThrow();
    }

    private static final List<Integer> FOOTPRINT_SIZES = List.of(LARGE, 1_048_545, HUGE);

    private String footprint(String what) {
        return FOOTPRINT_SIZES.stream()
                .map(tasks -> String.format(Locale.ROOT, "%.1f at %,d", measured.of("measure", tasks, what), tasks))
                .collect(Collectors.joining(", "));
    }
}
