package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documentation is true as far as a machine can tell: samples compile, run and print what they say; links lead somewhere. */
class DocumentationTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)|src=\"([^\"]+)\"");

    @TempDir
    static Path classes = Path.of("");

    private static final int FIRST_JDK = 17;

    /** Whether the same build has run the tests before, on another JDK. */
    private static final boolean AGAIN = Boolean.getBoolean("test.again");

    /** On a build's second JDK those of the README, which any user tries first, and those that the first JDK cannot run. */
    static List<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (Path file : ProjectFiles.documentation()) {
            boolean readme = file.equals(ProjectFiles.root().resolve("README.md"));
            Sample.in(file).stream()
                    .filter(sample -> !AGAIN || readme || sample.from() > FIRST_JDK)
                    .forEach(samples::add);
        }
        return samples;
    }

    static List<Path> files() throws IOException {
        return ProjectFiles.documentation();
    }

    @BeforeAll
    static void shouldCompileEverySample() throws IOException {
        assertThat(SampleCompiler.compile(samples(), classes)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRunAsTheDocumentationSays(Sample sample) throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= sample.from());
        List<String> printed;
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            Class<?> compiled = loader.loadClass(sample.className());
            if (sample.program()) {
                printed = Printed.by(() -> runMain(compiled));
            } else {
                try (SampleGround ground =
                        (SampleGround) compiled.getConstructor().newInstance()) {
                    printed = Printed.by(ground::run);
                }
            }
        }
        if (!sample.prints().isEmpty()) {
            assertThat(printed).as(sample.toString()).isEqualTo(sample.prints());
        }
    }

    /** With its classes in the context, as they are when it is started by {@code java}. */
    private static void runMain(Class<?> program) throws ReflectiveOperationException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(program.getClassLoader());
        try {
            program.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void shouldHaveSamplesInEachDialect() throws IOException {
        assertThat(Sample.in(ProjectFiles.root().resolve("README.md")))
                .extracting(Sample::dialect)
                .contains("sync", "reactor", "rxjava");
        assertThat(Sample.in(ProjectFiles.root().resolve("docs/cookbook.md"))).hasSizeGreaterThanOrEqualTo(12);
    }

    @Test
    void shouldReadEveryBlockThatSaysWhatIsPrinted() throws IOException {
        for (Path file : files()) {
            long said = Files.readAllLines(file).stream()
                    .filter("<!-- prints -->"::equals)
                    .count();
            assertThat(Sample.in(file))
                    .as(file.toString())
                    .filteredOn(sample -> !sample.prints().isEmpty())
                    .hasSize((int) said);
        }
    }

    @Test
    void shouldShowTheProgramsOfTheRecipesAsTheyAre() throws IOException {
        List<RecipeProgram> shown = new ArrayList<>();
        for (Path page : ProjectFiles.recipes()) {
            for (Sample sample : Sample.in(page)) {
                if (sample.program()) {
                    shown.add(new RecipeProgram(sample.className(), sample.code()));
                }
            }
        }
        assertThat(shown)
                .as("RecipeProgram.main copies programs to pages")
                .containsExactlyInAnyOrderElementsOf(RecipeProgram.all());
    }

    @Test
    void shouldHaveAReadmeOfModestLengthWithTwoCommands() throws IOException {
        List<String> lines = Files.readAllLines(ProjectFiles.root().resolve("README.md"));
        assertThat(lines).hasSizeBetween(60, 160);
        assertThat(lines)
                .filteredOn(line -> line.matches("```(sh|shell|bash|console)"))
                .hasSize(1);
        int block = lines.indexOf("```sh");
        assertThat(lines.subList(block + 1, block + 4))
                .containsExactly("mvn -q compile exec:java -pl docs/examples -am", "mvn -B -ntp verify", "```");
    }

    @Test
    void shouldNameTheArtifactsOfThisBuild() throws IOException {
        String parent = Files.readString(ProjectFiles.root().resolve("pom.xml"));
        Matcher version = Pattern.compile("<artifactId>lox-parent</artifactId>\\s*<version>(.*)</version>")
                .matcher(parent);
        assertThat(version.find()).isTrue();
        String readme = Files.readString(ProjectFiles.root().resolve("README.md"));
        assertThat(readme)
                .contains("<version>" + version.group(1) + "</version>")
                .contains("lox-sync", "lox-reactor", "lox-rxjava", "<groupId>io.github.loxjvm</groupId>");
    }

    @Test
    void shouldNameAMainForEachExampleOfTheRecipes() throws IOException {
        Path table = ProjectFiles.root().resolve("docs/recipes/README.md");
        List<Path> programs = LINK.matcher(Files.readString(table))
                .results()
                .map(link -> table.resolveSibling(link.group(1)).normalize())
                .filter(file -> file.toString().endsWith(".java"))
                .distinct()
                .toList();
        assertThat(programs).hasSizeGreaterThan(30);
        for (Path program : programs) {
            assertThat(program).content().contains("public static void main(");
        }
    }

    @Test
    void shouldNameClassesInTheGlossaryThatExist() throws IOException {
        List<String> named = Files.readAllLines(ProjectFiles.root().resolve("docs/glossary.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> Pattern.compile("`([A-Z]\\w+)`")
                        .matcher(line.split("\\|", -1)[1])
                        .results())
                .map(result -> result.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(15).isSubsetOf(ProjectFiles.classes());
    }

    @Test
    void shouldListEveryDecisionByItsTitle() throws IOException {
        Path docs = ProjectFiles.root().resolve("docs");
        List<String> listed = Files.readAllLines(docs.resolve("README.md")).stream()
                .filter(line -> line.contains("](decisions/"))
                .toList();
        List<String> written = new ArrayList<>();
        for (Path file : ProjectFiles.decisions()) {
            String[] title = Files.readAllLines(file).get(0).split(" ", 3); // "#", "7.", the rest
            written.add(title[1] + " [" + title[2] + "](decisions/" + file.getFileName() + ")");
        }
        assertThat(listed).as("docs/README.md").containsExactlyElementsOf(written);
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldLinkToWhatIsThere(Path file) throws IOException {
        List<String> dead = new ArrayList<>();
        Matcher links = LINK.matcher(Files.readString(file));
        while (links.find()) {
            String link = links.group(1) != null ? links.group(1) : links.group(2);
            if (!link.startsWith("https://")) {
                dead.addAll(problems(file, link));
            }
        }
        assertThat(dead).isEmpty();
    }

    private static List<String> problems(Path file, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return List.of(link);
        }
        if (hash >= 0) {
            String anchor = link.substring(hash + 1);
            boolean found = Files.readAllLines(target).stream()
                    .filter(line -> line.startsWith("#"))
                    .map(DocumentationTest::anchor)
                    .anyMatch(anchor::equals);
            return found ? List.of() : List.of(link);
        }
        return List.of();
    }

    /** How GitHub makes an anchor of a heading. */
    private static String anchor(String heading) {
        return heading.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-');
    }
}
