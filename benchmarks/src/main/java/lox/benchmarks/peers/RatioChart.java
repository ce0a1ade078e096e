package lox.benchmarks.peers;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import lox.benchmarks.peers.Subject.Row;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;

/** How many times lox's time each peer of one subject takes, as bars. */
final class RatioChart {
    private static final int WIDTH = 860;
    private static final int HEIGHT_OF_A_ROW = 58;
    private static final int HEIGHT_OF_THE_REST = 130;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

    // The file names the font of the machine that has drawn it, which readers need not have.
    private static final Pattern FONT_FAMILY = Pattern.compile("font-family:&quot;[^&]*&quot;");
    private static final String FONTS_OF_READERS = "font-family:&quot;DejaVu Sans&quot;,Verdana,sans-serif";

    // Readers may have wider fonts than the machine that draws.
    private static final RectangleInsets ROOM_FOR_WIDER_FONTS = new RectangleInsets(2, 4, 2, 16);

    private static final Color GRID = new Color(0xD0D0D0);

    // Of Okabe and Ito's palette, whose colours people with any colour vision tell apart.
    private static final Map<Surroundings, Color> COLORS =
            Map.of(Surroundings.OWN_JVM, new Color(0x0072B2), Surroundings.ONE_JVM, new Color(0xE69F00));

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
        Color color = color(surroundings);
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
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        Processors.get("svg")
                .getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, height))
                .writeTo(svg);
        String named = FONT_FAMILY.matcher(svg.toString(StandardCharsets.UTF_8)).replaceAll(FONTS_OF_READERS);
        Files.writeString(file, named);
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
        chart.setPadding(new RectangleInsets(10, 10, 10, 10));
        chart.getTitle().setFont(FONT.deriveFont(Font.BOLD, 15));
        chart.getLegend().setItemFont(FONT);
        chart.getLegend().setBorder(0, 0, 0, 0);
        chart.getLegend().setItemLabelPadding(ROOM_FOR_WIDER_FONTS);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.getDomainAxis().setTickLabelFont(FONT);
        plot.getDomainAxis().setCategoryLabelPositionOffset((int) ROOM_FOR_WIDER_FONTS.getRight());
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.5f);
        plot.getRangeAxis().setTickLabelFont(FONT);
        plot.getRangeAxis().setLabelFont(FONT);
        plot.getRangeAxis().setUpperMargin(0.1); // room for the label of the longest bar
        BarRenderer renderer = (BarRenderer) plot.getRenderer();
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0);
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultItemLabelFont(FONT);
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", format()));
        for (Surroundings surroundings : Surroundings.values()) {
            renderer.setSeriesPaint(plot.getDataset().getRowIndex(surroundings), color(surroundings));
        }
    }

    private static Color color(Surroundings surroundings) {
        return Objects.requireNonNull(COLORS.get(surroundings));
    }

    private static NumberFormat format() {
        return new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
}
