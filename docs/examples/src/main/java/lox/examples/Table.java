package lox.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the tour measured, and whether every mode brought the same results in the same order. The first row is the reference. */
final class Table {
    private record Row(String mode, String time, String speedUp, String results) {}

    private final String title;

    private final List<Row> rows = new ArrayList<>();
    private List<byte[]> reference = List.of();
    private Duration slowest = Duration.ZERO;
    private boolean allSame = true;

    /**
     * An empty table.
     *
     * @param title of the last column
     */
    Table(String title) {
        this.title = title;
    }

    /**
     * Notes what a mode brought.
     *
     * @param mode its name
     * @param time what it took
     * @param results compared with those of the first row
     */
    void add(String mode, Duration time, List<byte[]> results) {
        if (rows.isEmpty()) {
            reference = results;
            slowest = time;
        }
        boolean same = isSame(results);
        allSame &= same;
        addRow(mode, time, same ? results.size() + " the same, in order" : "DIFFERENT");
    }

    /**
     * Notes a mode whose results are not to be compared.
     *
     * @param mode its name
     * @param time what it took
     * @param remark about the results
     */
    void addRow(String mode, Duration time, String remark) {
        rows.add(new Row(
                mode,
                String.format(Locale.ROOT, "%.2f s", time.toNanos() / 1e9),
                String.format(Locale.ROOT, "%.1f x", (double) slowest.toNanos() / time.toNanos()),
                remark));
    }

    /**
     * Notes a mode that cannot run here.
     *
     * @param mode its name
     * @param reason why
     */
    void addMissing(String mode, String reason) {
        rows.add(new Row(mode, "-", "-", reason));
    }

    private boolean isSame(List<byte[]> results) {
        boolean same = results.size() == reference.size();
        for (int i = 0; same && i < results.size(); i++) {
            same = Arrays.equals(results.get(i), reference.get(i));
        }
        return same;
    }

    /**
     * Tells whether every mode that was compared brought what the first one did.
     *
     * @return false if one did not
     */
    boolean isAllSame() {
        return allSame;
    }

    /**
     * Prints it.
     *
     * @param out where to
     */
    void print(PrintStream out) {
        print(out, new Row("mode", "wall time", "speed-up", title));
        print(out, new Row("-".repeat(23), "-".repeat(9), "-".repeat(8), "-".repeat(22)));
        rows.forEach(row -> print(out, row));
    }

    private static void print(PrintStream out, Row row) {
        out.printf("%-23s  %9s  %8s  %s%n", row.mode, row.time, row.speedUp, row.results);
    }
}
