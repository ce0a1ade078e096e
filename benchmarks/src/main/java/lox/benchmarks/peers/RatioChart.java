package lox.benchmarks.peers;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;
import lox.benchmarks.peers.Subject.Row;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;

/** How many times lox's time each peer of one subject takes, as bars. */
final class RatioChart {
    private static final int WIDTH = 860;
    private static final int HEIGHT_OF_A_ROW = 58;
    private static final int HEIGHT_OF_THE_REST = 110;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Color GRID = new Color(0xD0D0D0);

    // Of Okabe and Ito's palette, whose colours people with any colour vision tell apart.
    private static final Color[] COLORS = {new Color(0x0072B2), new Color(0xE69F00)};

    private RatioChart() {}

    static String fileName(Subject subject) {
        return "peers-" + subject.file() + ".svg";
    }

    /** What stands at a bar. */
    static String label(double times) {
        return format().format(times);
    }

    /** The colour of the bars of some surroundings, as SVG has it. */
    static String fill(Surroundings surroundings) {
        Color color = COLORS[surroundings.ordinal()];
        return "rgb(" + color.getRed() + "," + color.getGreen() + "," + color.getBlue() + ")";
    }

    /** Writes the chart as SVG. Its letters are text, so that it is small, and can be searched and read aloud. */
    static void write(Subject subject, PeerResults results, Path file) throws IOException {
        JFreeChart chart = ChartFactory.createBarChart(
                subject.title(),
                null,
                "times what lox takes",
                dataset(subject, results),
                PlotOrientation.HORIZONTAL,
                true,
                false,
                false);
        style(chart);
        int height = HEIGHT_OF_THE_REST + HEIGHT_OF_A_ROW * (subject.rows().size() + 1);
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
        try (OutputStream out = Files.newOutputStream(file)) {
            Processors.get("svg")
                    .getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, height))
                    .writeTo(out);
        }
    }

    private static CategoryDataset dataset(Subject subject, PeerResults results) {
        DefaultCategoryDataset times = new DefaultCategoryDataset();
        for (Surroundings surroundings : Surroundings.values()) {
            times.addValue(1, surroundings, "lox");
            for (Row row : subject.rows()) {
                times.addValue(results.of(surroundings, row).times(), surroundings, row.bar());
            }
        }
        return times;
    }

    private static void style(JFreeChart chart) {
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setFont(FONT.deriveFont(Font.BOLD, 15));
        chart.getLegend().setItemFont(FONT);
        chart.getLegend().setBorder(0, 0, 0, 0);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.getDomainAxis().setTickLabelFont(FONT);
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.5f);
        plot.getRangeAxis().setTickLabelFont(FONT);
        plot.getRangeAxis().setLabelFont(FONT);
        plot.getRangeAxis().setUpperMargin(0.08); // room for the label of the longest bar
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0);
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultItemLabelFont(FONT);
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", format()));
        for (Surroundings surroundings : Surroundings.values()) {
            renderer.setSeriesPaint(surroundings.ordinal(), COLORS[surroundings.ordinal()]);
        }
    }

    private static NumberFormat format() {
        return new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
}
