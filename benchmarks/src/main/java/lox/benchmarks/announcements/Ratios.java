package lox.benchmarks.announcements;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import lox.benchmarks.Medians;

/**
 * Runs {@link PutBenchmark} for each publisher, in turn, a JVM each, and prints the medians and which targets are
 * reached.
 */
public final class Ratios {
    private record Target(String peer, int threads, double limit) {}

    private static final List<Target> TARGETS =
            List.of(new Target("reactor", 1, 0.7), new Target("rxjava", 1, 0.7), new Target("reactor", 4, 1.0 / 3));

    private Ratios() {}

    /**
     * Runs all.
     *
     * @param args how many rounds; 3 if absent
     * @throws Exception if a benchmark fails
     */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        System.out.printf(
                "JDK %s, %d cores%n", Runtime.version(), Runtime.getRuntime().availableProcessors());
        for (int threads : new int[] {1, 4}) {
            Map<String, List<Double>> measured = new TreeMap<>();
            for (int round = 0; round < rounds; round++) { // in turn, so that all see the same weather
                for (String publisher : List.of("lox", "reactor", "rxjava")) {
                    measured.computeIfAbsent(publisher, name -> new ArrayList<>())
                            .add(run(publisher, threads));
                }
            }
            measured.forEach((publisher, nanos) -> System.out.printf(
                    Locale.ROOT, "put from %d thread(s), %-8s %8.1f ns%n", threads, publisher, Medians.of(nanos)));
            double lox = Medians.of(measured.getOrDefault("lox", List.of()));
            for (Target target : TARGETS) {
                if (target.threads() == threads) {
                    double ratio = lox / Medians.of(measured.getOrDefault(target.peer(), List.of()));
                    System.out.printf(
                            Locale.ROOT,
                            "lox / %-8s from %d thread(s): %.2f, at most %.2f: %s%n",
                            target.peer(),
                            threads,
                            ratio,
                            target.limit(),
                            ratio <= target.limit() ? "reached" : "missed");
                }
            }
        }
    }

    /**
     * Measures one publisher in a JVM of its own.
     *
     * @param publisher lox, reactor or rxjava
     * @param threads how many threads put
     * @return the median of the nanoseconds of a put
     * @throws IOException if the JVM cannot be started
     * @throws InterruptedException if this thread is interrupted
     */
    public static double run(String publisher, int threads) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-XX:+UseG1GC",
                        "-Xms1g",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PutBenchmark.class.getName(),
                        publisher,
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed;
        try (InputStream output = process.getInputStream()) {
            printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(publisher + " failed");
        }
        return Double.parseDouble(printed.trim());
    }
}
