package lox.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lox.progress.Display;
import org.junit.jupiter.api.Test;

class TourTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void shouldBringTheSamePagesInOrderInEveryMode() throws Exception {
        List<Document> documents = Document.first(60);
        try (PageServer server = PageServer.start(documents, 1, 10)) {
            List<Mode> modes = Tour.modes();
            assertThat(new Tour(Display.LINES, out).run(server.pages(), modes)).isTrue();

            assertThat(modes).hasSize(Tour.hasVirtualThreads() ? 7 : 4);
            assertThat(lines())
                    .filteredOn(line -> line.endsWith("60 the same, in order"))
                    .hasSize(modes.size());
            assertThat(lines())
                    .filteredOn(line -> line.endsWith("has no virtual threads"))
                    .hasSize(7 - modes.size());
        }
    }

    @Test
    void shouldServeTheDocumentsThemselves() throws Exception {
        List<Document> documents = Document.first(60);
        try (PageServer server = PageServer.start(documents, 0, 0)) {
            Fetcher fetcher = new Fetcher();
            for (int i = 0; i < documents.size(); i++) {
                assertThat(fetcher.fetch(server.pages().get(i)))
                        .as(documents.get(i).name())
                        .isNotEmpty()
                        .isEqualTo(documents.get(i).content());
            }
        }
        assertThat(documents).extracting(Document::name).contains("README.md", "CHANGELOG.md", "LICENSE");
    }

    @Test
    void shouldFindPagesInTheWrongOrder() throws Exception {
        assertThat(runWith(pages -> {
                    List<byte[]> swapped = new ArrayList<>(pages);
                    Collections.swap(swapped, 1, 2);
                    return swapped;
                }))
                .isFalse();
        assertThat(lines()).anyMatch(line -> line.startsWith("a suspect") && line.endsWith("DIFFERENT"));
    }

    @Test
    void shouldFindAMissingPage() throws Exception {
        assertThat(runWith(pages -> pages.subList(0, pages.size() - 1))).isFalse();
    }

    @Test
    void shouldFindAPageThatIsNotTheSame() throws Exception {
        assertThat(runWith(pages -> {
                    List<byte[]> changed = new ArrayList<>(pages);
                    changed.set(0, new byte[pages.get(0).length]);
                    return changed;
                }))
                .isFalse();
    }

    @FunctionalInterface
    private interface Fault {
        List<byte[]> in(List<byte[]> pages);
    }

    private boolean runWith(Fault fault) throws Exception {
        try (PageServer server = PageServer.start(Document.first(4), 0, 0)) {
            Mode honest = Mode.oneAfterTheOther(new Fetcher());
            Mode suspect = new Mode(
                    "a suspect", (pages, progress) -> fault.in(honest.way().fetch(pages, progress)));
            return new Tour(Display.LINES, out).run(server.pages(), List.of(honest, suspect));
        }
    }

    @Test
    void shouldPrintPlainLinesWhereThereIsNoTerminal() throws Exception {
        run(Display.LINES);
        assertThat(text()).contains("one after the other: 3 of 3").doesNotContain("\u001b", "\r");
    }

    @Test
    void shouldDrawABarOnATerminal() throws Exception {
        run(Display.BAR);
        assertThat(text())
                .contains("\r\u001b[?7lone after the other")
                .contains("100% ")
                .contains("3/3");
    }

    private void run(Display display) throws Exception {
        try (PageServer server = PageServer.start(3)) {
            List<URI> pages = server.pages();
            assertThat(new Tour(display, out).run(pages, List.of(Mode.oneAfterTheOther(new Fetcher()))))
                    .isTrue();
        }
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private List<String> lines() {
        return text().lines().toList();
    }
}
