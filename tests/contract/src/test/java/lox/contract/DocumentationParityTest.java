package lox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a member of an adapter is, its documentation says in the same words in both, but for the library's own: its first sentence and its tags. */
class DocumentationParityTest {
    /** A library's word, and what both say. */
    private record Word(Pattern inLibrary, String inBoth) {
        static Word of(String pattern, String inBoth) {
            return new Word(Pattern.compile(pattern), inBoth);
        }
    }

    private static final List<Word> WORDS = List.of(
            Word.of("Project Reactor|Reactor|RxJava( 3)?", "the library"),
            Word.of("Flux|Flowable", "Stream"),
            Word.of("Publisher<\\? extends R>|SingleSource<\\? extends R>", "Source"),
            Word.of("Mono|Single|Maybe", "One"),
            Word.of("JoinOf(Two|Three|Four)|Function[345]", "Join"),
            Word.of("[Cc]ancelling|[Dd]isposing", "Ending"),
            Word.of("disposed of|shut down", "ended"),
            Word.of("disposing of the scheduler leaves|shutting the scheduler down leaves", "its end leaves"),
            Word.of("Ending of the scheduler leaves", "its end leaves"),
            Word.of("subscriber|observer", "receiver"));

    /** A comment, and the public declaration behind it, as far as its first bracket. */
    private static final Pattern DOCUMENTED = Pattern.compile(
            "/\\*\\*(.*?)\\*/\\s*((?:@\\w+(?:\\([^)]*\\))?\\s*)*)(public )?([^({;=]*)(\\([^{;]*)?", Pattern.DOTALL);

    private static final Pattern SENTENCE = Pattern.compile("^.*?[.:](?= |$)");
    private static final Pattern TAG = Pattern.compile("@(param|return|throws) (<?\\w+>?)");

    /** RxJava has three types for at most one value, and a scheduler is what the library's own scheduler class demands. */
    private static final Pattern OF_ONE_LIBRARY = Pattern.compile(
            "Locks .*|Lox .*[aA]syncOne.*|ProcessScheduler .*(init|shutdown|dispose|schedule|isDisposed|createWorker|scan)\\w*.*");

    @Test
    void shouldSayTheSameInReactorAndInRxJava() throws IOException {
        Map<String, String> reactor = documentationOf("reactor");
        Map<String, String> rxJava = documentationOf("rxjava");
        assertThat(reactor).hasSizeGreaterThan(50);
        assertThat(rxJava).containsExactlyInAnyOrderEntriesOf(reactor);
    }

    @Test
    void shouldNoticeOtherWords() {
        Map<String, String> found = new TreeMap<>();
        collect("Some", "/**\n * Gives a Mono. More.\n *\n * @return it\n */\npublic Mono<T> one(int i) {", found);
        assertThat(found).containsExactly(Map.entry("Some One<T> one(int i)", "Gives a One. @return"));
    }

    private static Map<String, String> documentationOf(String library) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Path folder = Path.of("..", "..", "lox-" + library, "src", "main", "java", "lox", library);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String source = Files.readString(file);
                String name = file.getFileName().toString().replace(".java", "");
                if (source.contains("\npublic final class " + name)) {
                    collect(name, source, found);
                }
            }
        }
        return found;
    }

    private static void collect(String type, String source, Map<String, String> found) {
        Matcher each = DOCUMENTED.matcher(source);
        while (each.find()) {
            String parameters = each.group(5) == null ? "" : each.group(5);
            String member =
                    type + " " + inBoth(oneLine(each.group(4) + parameters)).replaceAll(" throws .*", "");
            if (each.group(3) != null && !OF_ONE_LIBRARY.matcher(member).matches() && !member.contains(" class ")) {
                found.put(member, inBoth(summary(each.group(1))));
            }
        }
    }

    private static String summary(String comment) {
        String text = oneLine(comment.replaceAll("\n\\s*\\*", "\n"));
        Matcher sentence = SENTENCE.matcher(text);
        StringBuilder summary = new StringBuilder(sentence.find() ? sentence.group() : text);
        Matcher tag = TAG.matcher(text);
        while (tag.find()) {
            summary.append(" @").append(tag.group(1));
            if (!tag.group(1).equals("return")) {
                summary.append(' ').append(tag.group(2));
            }
        }
        return summary.toString();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String inBoth(String text) {
        String said = text;
        for (Word word : WORDS) {
            said = word.inLibrary().matcher(said).replaceAll(word.inBoth());
        }
        return said;
    }
}
