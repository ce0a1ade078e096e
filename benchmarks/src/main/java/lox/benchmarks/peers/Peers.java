package lox.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lox.benchmarks.peers.Subject.Row;

/**
 * Measures lox beside its peers, each in a JVM of its own and all in one JVM, as an application is. What came of it is
 * kept in {@code benchmarks/results/peers.csv}; the table and the charts of {@code docs/performance.md} are made of that.
 */
public final class Peers {
    private static final Path PAGE = Path.of("docs/performance.md");

    private Peers() {}

    /**
     * Measures and draws, or draws only.
     *
     * @param args {@code measure} and how many rounds, 3 if absent; or {@code draw}, which makes table and charts of the
     *     file that the last run has left
     * @throws Exception if a benchmark fails, or a file cannot be read or written
     */
    public static void main(String[] args) throws Exception {
        String what = args.length > 0 ? args[0] : "";
        if (what.equals("measure")) {
            PeerResults results = measure(args.length > 1 ? Integer.parseInt(args[1]) : 3);
            Files.createDirectories(file(root()).getParent());
            Files.write(file(root()), results.toLines());
            sayWhatIsMissed(results);
        } else if (!what.equals("draw")) {
            throw new IllegalArgumentException("measure [rounds], or draw");
        }
        draw(root());
    }

    /** The folder of the project: the working folder, or one that it is in. */
    static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(PAGE))) {
                return folder;
            }
        }
        throw new IllegalStateException("no " + PAGE + " around " + Path.of("").toAbsolutePath());
    }

    /** What the last run has left. */
    static PeerResults results(Path root) throws IOException {
        return PeerResults.of(Files.readAllLines(file(root)));
    }

    static Path file(Path root) {
        return root.resolve("benchmarks/results/peers.csv");
    }

    static Path page(Path root) {
        return root.resolve(PAGE);
    }

    static Path chart(Path root, Subject subject) {
        return root.resolve("docs/images").resolve(RatioChart.fileName(subject));
    }

    private static void draw(Path root) throws IOException {
        System.setProperty("java.awt.headless", "true");
        PeerResults results = results(root);
        List<String> page = RatioTable.replacedIn(Files.readAllLines(page(root)), results);
        Files.write(page(root), page);
        RatioTable.lines(results).forEach(System.out::println);
        for (Subject subject : Subject.ALL) {
            RatioChart.write(subject, results, chart(root, subject));
        }
        if (page.stream().noneMatch(line -> line.contains(results.measuredOn().toProse()))) {
            System.out.println(
                    "To be written into " + PAGE + ": " + results.measuredOn().toProse());
        }
    }

    private static PeerResults measure(int rounds) throws Exception {
        Rounds measured = new Rounds();
        for (int round = 0; round < rounds; round++) {
            measured.add(Surroundings.OWN_JVM, Rounds.measure(Surroundings.OWN_JVM));
        }
        Rounds.measure(Surroundings.ONE_JVM); // all have run before the first round that counts
        for (int round = 0; round < rounds; round++) {
            measured.add(Surroundings.ONE_JVM, Rounds.measure(Surroundings.ONE_JVM));
        }
        return measured.results(MeasuredOn.here(rounds));
    }

    private static void sayWhatIsMissed(PeerResults results) {
        for (Subject subject : Subject.ALL) {
            for (Row row : subject.rows()) {
                double ratio = results.of(Surroundings.ONE_JVM, row).ratio();
                if (ratio > row.limitInOneJvm()) {
                    System.out.printf(
                            "MISSED: %s, %s: %.2f, at most %s%n",
                            subject.title(), row.bar(), ratio, row.limitInOneJvm());
                }
            }
        }
    }
}
