package lox.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import lox.benchmarks.peers.Subject.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the last run has left, the table and the charts agree. Nothing is measured, and nothing drawn: fonts differ. */
class PeersTest {
    private static final Path ROOT = Peers.root();
    private static final Pattern TEXT = Pattern.compile("<text [^>]*>([^<]*)</text>");

    private static List<Subject> subjects() {
        return Subject.ALL;
    }

    @Test
    void shouldWriteWhatItHasRead() throws IOException {
        List<String> lines = Files.readAllLines(Peers.file(ROOT));

        assertThat(PeerResults.of(lines).toLines()).isEqualTo(lines);
    }

    @Test
    void shouldRefuseAFileThatLacksARow() throws IOException {
        List<String> lines = Files.readAllLines(Peers.file(ROOT));

        assertThatThrownBy(() -> PeerResults.of(lines.subList(0, lines.size() - 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reactorPoolWithPoolable");
    }

    @Test
    void shouldShowTheTableOfTheLastRun() throws IOException {
        List<String> page = Files.readAllLines(Peers.page(ROOT));

        assertThat(RatioTable.replacedIn(page, Peers.results(ROOT)))
                .as("Peers draw writes the table")
                .isEqualTo(page);
    }

    @Test
    void shouldSayWhereTheLastRunWasMeasured() throws IOException {
        assertThat(Peers.page(ROOT))
                .content()
                .contains(Peers.results(ROOT).measuredOn().toProse());
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void shouldWriteTheFiguresOfTheLastRunAtTheBars(Subject subject) throws IOException {
        PeerResults results = Peers.results(ROOT);
        List<String> expected = new ArrayList<>(List.of(subject.title(), "times what lox takes", "lox"));
        for (Surroundings surroundings : Surroundings.values()) {
            expected.add(surroundings.toString());
            for (Row row : subject.rows()) {
                expected.add(row.bar());
                expected.add(RatioChart.label(results.of(surroundings, row).times()));
            }
        }

        assertThat(TEXT.matcher(chart(subject)).results().map(text -> text.group(1)))
                .as("Peers draw draws the charts")
                .containsAll(expected);
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeTheBarsAsLongAsTheFiguresOfTheLastRun(Surroundings surroundings) throws IOException {
        PeerResults results = Peers.results(ROOT);
        for (Subject subject : Subject.ALL) {
            List<Double> bars = bars(chart(subject), surroundings);

            assertThat(bars).as(subject.title()).hasSize(subject.rows().size() + 1);
            for (int i = 0; i < subject.rows().size(); i++) {
                double times = results.of(surroundings, subject.rows().get(i)).times();
                assertThat(bars.get(i + 1) / bars.get(0))
                        .as("%s: %s", subject.title(), subject.rows().get(i).bar())
                        .isCloseTo(times, within(times / 1000));
            }
        }
    }

    private static String chart(Subject subject) throws IOException {
        return Files.readString(Peers.chart(ROOT, subject));
    }

    /** How long the bars of one colour are, from above. */
    private static List<Double> bars(String chart, Surroundings surroundings) {
        Pattern bar = Pattern.compile("<rect [^>]*style=\"fill:" + Pattern.quote(RatioChart.fill(surroundings))
                + ";[^>]* width=\"([0-9.]+)\"");
        return bar.matcher(chart)
                .results()
                .map((MatchResult found) -> Double.valueOf(found.group(1)))
                .toList();
    }
}
