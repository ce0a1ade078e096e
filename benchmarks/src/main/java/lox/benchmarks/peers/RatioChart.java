package lox.benchmarks.peers;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lox.benchmarks.peers.Subject.Row;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.style.HorizontalBarStyler;
import org.knowm.xchart.style.Styler;

/** How many times lox's time each peer of one subject takes, as bars. */
final class RatioChart {
    private static final int WIDTH = 860;
    private static final int HEIGHT_OF_A_ROW = 58;
    private static final int HEIGHT_OF_THE_REST = 130;

    // Of Okabe and Ito's palette, whose colours people with any colour vision tell apart.
    private static final Color[] COLORS = {new Color(0x0072B2), new Color(0xE69F00)};

    private RatioChart() {}

    /** Writes the chart as SVG. */
    static void write(Subject subject, Rounds rounds, Path file) throws IOException {
        HorizontalBarChart chart = new HorizontalBarChartBuilder()
                .width(WIDTH)
                .height(HEIGHT_OF_THE_REST + HEIGHT_OF_A_ROW * (subject.rows().size() + 1))
                .title(subject.title())
                .xAxisTitle("times what lox takes")
                .build();
        style(chart.getStyler());
        chart.getStyler().setXAxisMaxLabelCount(subject.rows().size() + 1); // of the names: no gaps
        List<String> names = new ArrayList<>(List.of("lox"));
        subject.rows().forEach(row -> names.add(row.peer()));
        for (Surroundings surroundings : Surroundings.values()) {
            List<Double> times = new ArrayList<>(List.of(1.0));
            for (Row row : subject.rows()) {
                times.add(1 / rounds.ratio(surroundings, row));
            }
            chart.addSeries(surroundings.toString(), times, Collections.unmodifiableList(names));
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            ChartEncoder.saveChart(chart, out, "svg");
        }
    }

    private static void style(HorizontalBarStyler style) {
        style.setLabelsVisible(true);
        style.setAvailableSpaceFill(0.8);
        style.setPlotGridHorizontalLinesVisible(false);
        style.setSeriesColors(COLORS);
        style.setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setDecimalPattern("0.0");
        style.setChartBackgroundColor(Color.WHITE);
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
    }
}
