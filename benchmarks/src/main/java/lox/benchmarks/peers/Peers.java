package lox.benchmarks.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import lox.benchmarks.peers.Subject.Row;

/**
 * Measures lox beside its peers, each in a JVM of its own and all in one JVM, as an application is. Prints one table,
 * which is that of {@code docs/performance.md}, and draws its charts.
 */
public final class Peers {
    private Peers() {}

    /**
     * Runs everything.
     *
     * @param args how many rounds, 3 if absent; the folder of the charts, {@code target/charts} if absent
     * @throws Exception if a benchmark fails, or a chart cannot be written
     */
    public static void main(String[] args) throws Exception {
        System.setProperty("java.awt.headless", "true");
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        Path folder = Files.createDirectories(Path.of(args.length > 1 ? args[1] : "target/charts"));
        Rounds measured = new Rounds();
        for (int round = 0; round < rounds; round++) {
            measured.add(Surroundings.OWN_JVM, Rounds.measure(Surroundings.OWN_JVM));
        }
        Rounds.measure(Surroundings.ONE_JVM); // all have run before the first round that counts
        for (int round = 0; round < rounds; round++) {
            measured.add(Surroundings.ONE_JVM, Rounds.measure(Surroundings.ONE_JVM));
        }
        System.out.printf(
                "Java %s, %d processors, %d round(s): medians of nanoseconds, lox / the peer = ratio%n%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), rounds);
        System.out.println("| | the peer | in a JVM of its own | in one JVM with all | at most |");
        System.out.println("|---|---|--:|--:|--:|");
        for (Subject subject : Subject.ALL) {
            for (Row row : subject.rows()) {
                System.out.println(line(subject, row, measured));
            }
            RatioChart.write(subject, measured, folder.resolve("peers-" + subject.file() + ".svg"));
        }
    }

    private static String line(Subject subject, Row row, Rounds measured) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |",
                subject.title(),
                row.peer(),
                cell(Surroundings.OWN_JVM, row, measured),
                cell(Surroundings.ONE_JVM, row, measured),
                Double.isInfinite(row.limitInOneJvm()) ? "" : row.limitInOneJvm());
    }

    private static String cell(Surroundings surroundings, Row row, Rounds measured) {
        return String.format(
                Locale.ROOT,
                "%,.0f / %,.0f = %.2f",
                measured.nanos(surroundings, row.ours()),
                measured.nanos(surroundings, row.theirs()),
                measured.ratio(surroundings, row));
    }
}
