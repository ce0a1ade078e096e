package lox.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Java block of the documentation. An HTML comment in the line before it says how to treat it:
 *
 * <pre>
 *   &lt;!-- sample: sync --&gt;             statements, with lox.sync imported and a {@link SampleGround} around them
 *   &lt;!-- sample: reactor, program --&gt; a whole class with a main
 *   &lt;!-- sample: rxjava, from 21 --&gt;  compiled always, run on Java 21 and later
 * </pre>
 *
 * A text block after it, with {@code <!-- prints -->} in the line before, is what it prints.
 *
 * @param file where it stands, from the project's root
 * @param line the line of the block's first fence
 * @param dialect sync, reactor or rxjava
 * @param program whether it is a whole class
 * @param from the first Java version that can run it
 * @param code the lines between the fences
 * @param prints what it prints, or nothing where the documentation does not say
 */
record Sample(Path file, int line, String dialect, boolean program, int from, List<String> code, List<String> prints)
        implements SampleCompiler.Unit {
    private static final Pattern MARK =
            Pattern.compile("<!-- sample: (sync|reactor|rxjava)(, program)?(?:, from (\\d+))? -->");
    private static final Pattern CLASS = Pattern.compile("class (\\w+) ");

    private static final Map<String, String> LIBRARIES = Map.of(
            "reactor", "import reactor.core.publisher.*; import reactor.core.scheduler.*; ",
            "rxjava", "import io.reactivex.rxjava3.core.*; import io.reactivex.rxjava3.schedulers.*; ");

    static List<Sample> in(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```java")) {
                int end = endOfBlock(lines, i);
                String mark = i == 0 ? "" : lines.get(i - 1);
                Matcher matcher = MARK.matcher(mark);
                if (!matcher.matches()) {
                    throw new IllegalStateException(
                            file + ":" + (i + 1) + ": no sample comment before this Java block");
                }
                samples.add(new Sample(
                        ProjectFiles.root().relativize(file),
                        i + 1,
                        matcher.group(1),
                        matcher.group(2) != null,
                        matcher.group(3) == null ? 17 : Integer.parseInt(matcher.group(3)),
                        List.copyOf(lines.subList(i + 1, end)),
                        printed(lines, end)));
            }
        }
        return samples;
    }

    private static List<String> printed(List<String> lines, int endOfCode) {
        int mark = endOfCode + 1;
        boolean said = mark + 1 < lines.size()
                && lines.get(mark).equals("<!-- prints -->")
                && lines.get(mark + 1).equals("```text");
        return said ? List.copyOf(lines.subList(mark + 2, endOfBlock(lines, mark + 1))) : List.of();
    }

    private static int endOfBlock(List<String> lines, int start) {
        int end = start + 1;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return end;
    }

    @Override
    public String className() {
        if (program) {
            Matcher name = CLASS.matcher(String.join("\n", code));
            if (!name.find()) {
                throw new IllegalStateException(this + " has no class");
            }
            return name.group(1);
        }
        String document = file.getFileName().toString().replaceAll("\\W", "_");
        return "Sample_" + document + "_" + line;
    }

    /** What is put around the code stands in the first and the last line, so lines can be counted. */
    @Override
    public String source() {
        if (program) {
            return "\n" + String.join("\n", code);
        }
        List<String> imports = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        for (String statement : code) {
            boolean isImport = statement.startsWith("import ");
            (isImport ? imports : statements).add(statement);
            if (isImport) {
                statements.add("");
            }
        }
        return "import java.net.URI; import java.nio.file.*; import java.time.Duration; import java.util.*;"
                + " import java.util.concurrent.*; import lox.sync.Outcome; import lox.sync.Workers;"
                + " import lox.sync.GatherException; import lox." + dialect + ".*; "
                + LIBRARIES.getOrDefault(dialect, "")
                + String.join(" ", imports)
                + " public class " + className() + " extends lox.examples.SampleGround {"
                + " @Override public void run() throws Exception {\n"
                + String.join("\n", statements) + "\n}}";
    }

    @Override
    public String place(long lineOfSource) {
        return file + ":" + (line + lineOfSource - 1);
    }

    @Override
    public String toString() {
        return file + ":" + line + " (" + dialect + ")";
    }
}
