package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Standard output and standard error are one terminal here. */
class SystemStreamsTest {
    private final PrintStream outBefore = System.out;
    private final PrintStream errBefore = System.err;
    private final FakeTerminal terminal = new FakeTerminal();
    private final PrintStream out = terminal.stream();
    private final PrintStream err = terminal.stream();

    @BeforeEach
    void shareATerminal() {
        System.setOut(out);
        System.setErr(err);
    }

    @AfterEach
    void putBack() {
        System.setOut(outBefore);
        System.setErr(errBefore);
    }

    private ProgressBar shown() {
        ProgressBar bar = ProgressBar.builder("pages").display(Display.BAR).build();
        bar.update(1, 0, 4);
        awaitRow("1/4");
        return bar;
    }

    private void awaitRow(String part) {
        Patience.until("a row with " + part, () -> terminal.rows().toString().contains(part));
    }

    @Test
    void shouldNotBeTornByWhatChildJvmsPrint() {
        Scatter<Integer, Integer> children = Lox.process(2, i -> {
            System.out.println("out of task " + i);
            System.err.println("err of task " + i);
            return i;
        });
        IntStream.range(0, 100).forEach(children::scatter);
        ProgressBar bar = ProgressBar.builder("tasks").display(Display.BAR).build();
        assertThat(children.gather(bar)).hasSize(100);

        List<String> rows = terminal.rows();
        assertThat(rows).hasSize(201);
        assertThat(rows.get(200)).startsWith("tasks 100% ").contains("100/100");
        List<String> expected = new ArrayList<>();
        IntStream.range(0, 100).forEach(i -> expected.addAll(List.of("out of task " + i, "err of task " + i)));
        assertThat(rows.subList(0, 200)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void shouldKeepALineWithoutAnEndForLater() {
        try (ProgressBar bar = shown()) {
            System.out.print("half ");
            System.err.println("whole");
            bar.update(2, 0, 4);
            awaitRow("2/4");
            assertThat(terminal.rows()).hasSize(2);
            System.out.println("and half");
            assertThat(terminal.rows().subList(0, 2)).containsExactly("whole", "half and half");
            System.out.print("rest");
        }
        assertThat(terminal.rows()).hasSize(4);
        assertThat(terminal.rows().get(2)).startsWith("pages  50%");
        assertThat(terminal.rows().get(3)).isEqualTo("rest");
    }

    @Test
    void shouldPassALongLineOnInPieces() {
        try (ProgressBar bar = shown()) {
            String piece = "x".repeat(5_000);
            System.out.print(piece);
            System.out.print(piece);
            assertThat(terminal.rows().get(0)).hasSize(10_000);
            assertThat(bar).hasToString("ProgressBar[pages, 1 done]");
        }
    }

    @Test
    void shouldPutTheStreamsBackWithTheLastBar() {
        ProgressBar one = shown();
        ProgressBar two = ProgressBar.builder("two").display(Display.BAR).build();
        two.update(1, 0, 3);
        awaitRow("1/3");
        assertThat(System.out).isNotSameAs(out);
        assertThat(System.err).isNotSameAs(err);

        one.close();
        assertThat(System.err).isNotSameAs(err);
        two.close();
        assertThat(System.out).isSameAs(out);
        assertThat(System.err).isSameAs(err);
    }

    @Test
    void shouldLeaveWhatTheProgramHasSetMeanwhile() {
        PrintStream other = new FakeTerminal().stream();
        try (ProgressBar bar = shown()) {
            assertThat(bar).isNotNull();
            System.setOut(other);
        }
        assertThat(System.out).isSameAs(other);
        assertThat(System.err).isSameAs(err);
    }

    @Test
    void shouldServeWhoKeepsTheStream() {
        ProgressBar first = shown();
        PrintStream kept = System.err; // as a logger does
        first.close();
        kept.print("between, ");
        kept.println("at once");
        assertThat(terminal.rows().get(1)).isEqualTo("between, at once");

        try (ProgressBar second =
                ProgressBar.builder("second").display(Display.BAR).build()) {
            second.update(2, 0, 3);
            awaitRow("2/3");
            kept.println("above");
            assertThat(terminal.rows()).hasSize(4);
            assertThat(terminal.rows().get(2)).isEqualTo("above");
        }
    }

    @Test
    void shouldKeepTheStreamsIfToldSo() {
        try (ProgressBar bar = ProgressBar.builder("pages")
                .display(Display.BAR)
                .keepSystemStreams()
                .build()) {
            bar.update(1, 0, 4);
            awaitRow("1/4");
            assertThat(System.out).isSameAs(out);
            assertThat(System.err).isSameAs(err);
        }
        assertThat(terminal.rows()).singleElement().asString().startsWith("pages  25%");
    }

    @Test
    void shouldLetGoOfTheStreamsIfTheOutputFails() {
        try (Warnings warnings = new Warnings()) {
            ProgressBar bar = shown();
            err.close();
            Patience.until("it is told", () -> !warnings.messages().isEmpty());
            Patience.until("the streams are back", () -> System.out == out);
            bar.close();
            System.out.println("after");
            assertThat(terminal.rows()).last().asString().endsWith("after");
        }
    }
}
