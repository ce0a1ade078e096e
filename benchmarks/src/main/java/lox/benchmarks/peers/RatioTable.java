package lox.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lox.benchmarks.peers.Subject.Row;

/** The table of {@code docs/performance.md}, in Markdown. */
final class RatioTable {
    private static final String HEADER = "| | the peer | in a JVM of its own | in one JVM with all |";

    private RatioTable() {}

    static List<String> lines(PeerResults results) {
        List<String> lines = new ArrayList<>(List.of(HEADER, "|---|---|--:|--:|"));
        for (Subject subject : Subject.ALL) {
            for (Row row : subject.rows()) {
                lines.add("|" + (row.what().isEmpty() ? " " : " " + row.what() + " ") + "| " + row.peer() + " | "
                        + cell(results.of(Surroundings.OWN_JVM, row)) + " | "
                        + cell(results.of(Surroundings.ONE_JVM, row)) + " |");
            }
        }
        return lines;
    }

    /**
     * A page with this table in place of its own.
     *
     * @throws IllegalArgumentException if the page has no such table
     */
    static List<String> replacedIn(List<String> page, PeerResults results) {
        int start = page.indexOf(HEADER);
        if (start < 0) {
            throw new IllegalArgumentException("the page has no line: " + HEADER);
        }
        int end = start;
        while (end < page.size() && page.get(end).startsWith("|")) {
            end++;
        }
        List<String> replaced = new ArrayList<>(page.subList(0, start));
        replaced.addAll(lines(results));
        replaced.addAll(page.subList(end, page.size()));
        return replaced;
    }

    private static String cell(PeerResults.Ratio ratio) {
        return String.format(Locale.ROOT, "%,.0f / %,.0f = %.2f", ratio.ours(), ratio.theirs(), ratio.ratio());
    }
}
