package lox.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the tour measured, and whether every mode brought the same pages in the same order. The first row is the reference. */
final class Table {
    private record Row(String mode, String time, String speedUp, String pages) {}

    private final List<Row> rows = new ArrayList<>();
    private List<byte[]> reference = List.of();
    private Duration slowest = Duration.ZERO;
    private boolean allSame = true;

    void add(String mode, Duration time, List<byte[]> pages) {
        if (rows.isEmpty()) {
            reference = pages;
            slowest = time;
        }
        boolean same = isSame(pages);
        allSame &= same;
        rows.add(new Row(
                mode,
                String.format(Locale.ROOT, "%.2f s", time.toNanos() / 1e9),
                String.format(Locale.ROOT, "%.1f x", (double) slowest.toNanos() / time.toNanos()),
                same ? pages.size() + " the same, in order" : "DIFFERENT"));
    }

    /** Notes a mode that cannot run here. */
    void addMissing(String mode, String reason) {
        rows.add(new Row(mode, "-", "-", reason));
    }

    private boolean isSame(List<byte[]> pages) {
        boolean same = pages.size() == reference.size();
        for (int i = 0; same && i < pages.size(); i++) {
            same = Arrays.equals(pages.get(i), reference.get(i));
        }
        return same;
    }

    /** Whether every mode that ran brought what the first one did. */
    boolean isAllSame() {
        return allSame;
    }

    void print(PrintStream out) {
        print(out, new Row("mode", "wall time", "speed-up", "pages"));
        print(out, new Row("-".repeat(23), "-".repeat(9), "-".repeat(8), "-".repeat(22)));
        rows.forEach(row -> print(out, row));
    }

    private static void print(PrintStream out, Row row) {
        out.printf("%-23s  %9s  %8s  %s%n", row.mode, row.time, row.speedUp, row.pages);
    }
}
