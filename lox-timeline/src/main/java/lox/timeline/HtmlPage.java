package lox.timeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page: a template, in which a name of a file in two braces stands for that file, {@code {{title}}} for the run in
 * one line and {@code {{data}}} for the run as data.
 */
final class HtmlPage {
    private static final Pattern FILE = Pattern.compile("\\{\\{([a-z]+\\.[a-z]+)}}");
    private static final String[] PARTS = template().split("(?=\\{\\{)|(?<=}})");

    private HtmlPage() {}

    static void write(Run run, Writer out) throws IOException {
        for (String part : PARTS) {
            switch (part) {
                case "{{title}}" -> out.write(Summary.of(run)); // numbers and words of ours: nothing to be escaped
                case "{{data}}" -> PageData.write(run, out);
                default -> out.write(part);
            }
        }
    }

    private static String template() {
        return FILE.matcher(resource("timeline.html"))
                .replaceAll(file -> Matcher.quoteReplacement(resource(file.group(1))));
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
