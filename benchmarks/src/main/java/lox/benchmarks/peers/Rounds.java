package lox.benchmarks.peers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lox.benchmarks.Medians;
import lox.benchmarks.peers.Subject.Figure;
import lox.benchmarks.peers.Subject.Row;

/** Every figure in every round, and the ratios of those that were measured in the same round. */
final class Rounds {
    private final Map<Surroundings, Map<Figure, List<Double>>> nanos = new EnumMap<>(Surroundings.class);

    /** Measures every figure once, in turn, so that what disturbs the machine meets all. */
    static Map<Figure, Double> measure(Surroundings surroundings) throws Exception {
        Map<Figure, Double> once = new HashMap<>();
        for (Subject subject : Subject.ALL) {
            for (Row row : subject.rows()) {
                for (Figure figure : List.of(row.ours(), row.theirs())) {
                    if (!once.containsKey(figure)) {
                        once.put(figure, surroundings.nanos(figure));
                    }
                }
            }
        }
        return once;
    }

    void add(Surroundings surroundings, Map<Figure, Double> round) {
        Map<Figure, List<Double>> all = nanos.computeIfAbsent(surroundings, key -> new HashMap<>());
        round.forEach((figure, measured) ->
                all.computeIfAbsent(figure, key -> new ArrayList<>()).add(measured));
    }

    /** The medians over the rounds. */
    PeerResults results(MeasuredOn measuredOn) {
        Map<Surroundings, Map<Row, PeerResults.Ratio>> ratios = new EnumMap<>(Surroundings.class);
        for (Surroundings surroundings : Surroundings.values()) {
            Map<Row, PeerResults.Ratio> ofRows = new HashMap<>();
            for (Subject subject : Subject.ALL) {
                subject.rows().forEach(row -> ofRows.put(row, ratio(surroundings, row)));
            }
            ratios.put(surroundings, ofRows);
        }
        return new PeerResults(measuredOn, ratios);
    }

    private PeerResults.Ratio ratio(Surroundings surroundings, Row row) {
        List<Double> ours = all(surroundings, row.ours());
        List<Double> theirs = all(surroundings, row.theirs());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round) / theirs.get(round));
        }
        return new PeerResults.Ratio(Medians.of(ours), Medians.of(theirs), Medians.of(ratios));
    }

    private List<Double> all(Surroundings surroundings, Figure figure) {
        List<Double> measured = nanos.getOrDefault(surroundings, Map.of()).getOrDefault(figure, List.of());
        if (measured.isEmpty()) {
            throw new IllegalStateException(figure + " was not measured " + surroundings);
        }
        return measured;
    }
}
