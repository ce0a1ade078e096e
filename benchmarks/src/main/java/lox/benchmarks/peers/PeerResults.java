package lox.benchmarks.peers;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lox.benchmarks.peers.Subject.Row;

/**
 * What a run measured: for each row the medians over its rounds. The table and the charts of the documentation are made
 * of it, and it is kept as a file of comma-separated values, so that they can be made anew without measuring.
 */
record PeerResults(MeasuredOn measuredOn, Map<Surroundings, Map<Row, Ratio>> ratios) {
    private static final String HEADER = "surroundings,lox,peer,nanoseconds of lox,nanoseconds of the peer,ratio";
    private static final MathContext DIGITS = new MathContext(4);

    /**
     * Lox's time beside a peer's.
     *
     * @param ours the median of lox's nanoseconds
     * @param theirs the median of the peer's
     * @param ratio the median of the ratios, each of one round: not always the ratio of the medians
     */
    record Ratio(double ours, double theirs, double ratio) {
        /** How many times lox's time the peer takes. */
        double times() {
            return 1 / ratio;
        }
    }

    Ratio of(Surroundings surroundings, Row row) {
        Ratio ratio = ratios.getOrDefault(surroundings, Map.of()).get(row);
        if (ratio == null) {
            throw new IllegalStateException(row.bar() + " was not measured " + surroundings);
        }
        return ratio;
    }

    /** The lines of the file. */
    List<String> toLines() {
        List<String> lines = new ArrayList<>(List.of(measuredOn.toLine(), HEADER));
        for (Subject subject : Subject.ALL) {
            for (Row row : subject.rows()) {
                for (Surroundings surroundings : Surroundings.values()) {
                    Ratio ratio = of(surroundings, row);
                    lines.add(key(surroundings, row) + "," + rounded(ratio.ours()) + "," + rounded(ratio.theirs()) + ","
                            + rounded(ratio.ratio()));
                }
            }
        }
        return lines;
    }

    /**
     * Reads the lines of the file.
     *
     * @throws IllegalArgumentException if a line is none of a row that {@link Subject} has
     * @throws IllegalStateException if a row is missing
     */
    static PeerResults of(List<String> lines) {
        if (lines.size() < 2 || !lines.get(1).equals(HEADER)) {
            throw new IllegalArgumentException("the second line is not: " + HEADER);
        }
        Map<String, Ratio> ratios = new HashMap<>();
        for (String line : lines.subList(2, lines.size())) {
            String[] values = line.split(",", -1);
            if (values.length != 6) {
                throw new IllegalArgumentException("not six values: " + line);
            }
            ratios.put(
                    String.join(",", values[0], values[1], values[2]),
                    new Ratio(
                            Double.parseDouble(values[3]),
                            Double.parseDouble(values[4]),
                            Double.parseDouble(values[5])));
        }
        Map<Surroundings, Map<Row, Ratio>> found = new EnumMap<>(Surroundings.class);
        for (Surroundings surroundings : Surroundings.values()) {
            Map<Row, Ratio> ofRows = new HashMap<>();
            for (Subject subject : Subject.ALL) {
                for (Row row : subject.rows()) {
                    Ratio ratio = ratios.remove(key(surroundings, row));
                    if (ratio == null) {
                        throw new IllegalStateException("no line of " + key(surroundings, row));
                    }
                    ofRows.put(row, ratio);
                }
            }
            found.put(surroundings, ofRows);
        }
        if (!ratios.isEmpty()) {
            throw new IllegalArgumentException("no rows: " + ratios.keySet());
        }
        return new PeerResults(MeasuredOn.of(lines.get(0)), found);
    }

    private static String key(Surroundings surroundings, Row row) {
        return String.join(
                ",", surroundings.key(), row.ours().name(), row.theirs().name());
    }

    private static String rounded(double value) {
        BigDecimal digits = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return digits.toPlainString();
    }
}
