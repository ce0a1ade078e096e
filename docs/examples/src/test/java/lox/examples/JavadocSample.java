package lox.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One Java block of the libraries' Javadoc: what stands between the tags {@code pre} and {@code code} in the comments of a source file. It is
 * compiled as the body of a method of a {@link JavadocGround}, which has what samples take for granted. What one sample alone takes for granted,
 * and what makes it do something where it only prepares, stands in {@link JavadocSurroundings}.
 *
 * @param file the source file, from the project's root
 * @param line the line of the block's first tag
 * @param of the class, without {@code lox.}, and the number of the sample there: {@code sync.Funnel#2}
 * @param code the lines between the tags
 */
record JavadocSample(Path file, int line, String of, List<String> code) implements SampleCompiler.Unit {
    private static final String BEGIN = "<pre>{@code";
    private static final String END = "}</pre>";

    private static final Map<String, String> LIBRARIES = Map.of(
            "sync",
            "import lox.sync.*; import lox.sync.event.*; import java.util.stream.*; import java.net.http.*;"
                    + " import java.util.concurrent.atomic.LongAdder;"
                    + " import java.net.http.HttpResponse.BodyHandlers; ",
            "reactor",
            "import lox.reactor.*; import lox.sync.Outcome; import lox.sync.WhenFull; import lox.sync.Workers; import reactor.core.publisher.*;"
                    + " import reactor.core.scheduler.*; ",
            "timeline",
            "import lox.sync.*; import lox.timeline.*; ",
            "rxjava",
            "import lox.rxjava.*; import lox.sync.Outcome; import lox.sync.WhenFull; import lox.sync.Workers; import io.reactivex.rxjava3.core.*;"
                    + " import io.reactivex.rxjava3.schedulers.*; ",
            "progress",
            "import lox.progress.*; import lox.sync.*; import java.util.stream.*; ",
            "cluster",
            "import lox.cluster.*; import lox.sync.*; ",
            "micrometer",
            "import lox.micrometer.*; import lox.sync.Workers; ");

    /** The samples of all libraries. */
    static List<JavadocSample> all() throws IOException {
        List<JavadocSample> samples = new ArrayList<>();
        for (String library : List.of("sync", "reactor", "rxjava", "micrometer", "progress", "timeline", "cluster")) {
            Path sources = ProjectFiles.root().resolve("lox-" + library + "/src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    String name = sources.relativize(file)
                            .toString()
                            .replaceAll("[/\\\\]", ".")
                            .replaceAll("^lox\\.|\\.java$", "");
                    samples.addAll(in(file, name));
                }
            }
        }
        return samples;
    }

    private static List<JavadocSample> in(Path file, String name) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<JavadocSample> samples = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).endsWith(BEGIN)) {
                int end = i + 1;
                while (!lines.get(end).endsWith(END)) {
                    end++;
                }
                List<String> code = lines.subList(i + 1, end).stream()
                        .map(line -> line.replaceFirst("^\\s*\\* ?", ""))
                        .toList();
                samples.add(new JavadocSample(
                        ProjectFiles.root().relativize(file), i + 1, name + "#" + (samples.size() + 1), code));
            }
        }
        return samples;
    }

    private String library() {
        return of.substring(0, of.indexOf('.'));
    }

    @Override
    public String className() {
        return "Javadoc_" + of.replaceAll("\\W", "_");
    }

    /** What is put around the code stands in the first and the last line, so lines can be counted. */
    @Override
    public String source() {
        boolean returns = code.stream().anyMatch(statement -> statement.strip().startsWith("return ")) && !isClass();
        return "import java.io.*; import java.net.URI; import java.nio.file.*; import java.time.Duration; import java.util.*;"
                + " import java.util.concurrent.*; import lox.sync.lock.*; import lox.sync.process.*; "
                + LIBRARIES.get(library())
                + " public class " + className() + " extends lox.examples.JavadocGround {"
                + " @SuppressWarnings(\"serial\") @Override public Object statements() throws Exception { "
                + JavadocSurroundings.before(this) + "\n"
                + String.join("\n", code) + "\n"
                + JavadocSurroundings.after(this)
                + (returns ? "" : " return null;") + "}}";
    }

    private boolean isClass() {
        return code.get(0).contains("class ");
    }

    @Override
    public String place(long lineOfSource) {
        return file + ":" + (line + lineOfSource - 1);
    }

    @Override
    public String toString() {
        return of;
    }
}
