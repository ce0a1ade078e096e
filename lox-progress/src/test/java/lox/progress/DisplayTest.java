package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DisplayTest {
    @Test
    void shouldDoWhatTheEnvironmentSays() {
        assertThat(Display.chosen(null, null)).isEqualTo(Display.AUTOMATIC);
        assertThat(Display.chosen(null, "quiet")).isEqualTo(Display.QUIET);
        assertThat(Display.chosen(null, " Lines ")).isEqualTo(Display.LINES);
        assertThat(Display.chosen(null, "")).isEqualTo(Display.AUTOMATIC);
    }

    @Test
    void shouldListenToThePropertyBeforeTheVariable() {
        assertThat(Display.chosen("bar", "quiet")).isEqualTo(Display.BAR);
        assertThat(Display.chosen("", "quiet")).isEqualTo(Display.AUTOMATIC);
    }

    @Test
    void shouldWarnOfAWordThatItDoesNotKnow() {
        try (Warnings warnings = new Warnings()) {
            assertThat(Display.chosen("loud", null)).isEqualTo(Display.AUTOMATIC);
            assertThat(warnings.messages())
                    .containsExactly("lox.progress is \"loud\", which is none of automatic, bar, lines and quiet");
        }
    }

    @Test
    void shouldShowNothingWhereItIsQuiet() {
        System.setProperty("lox.progress", "quiet");
        FakeTerminal terminal = new FakeTerminal();
        try (ProgressBar bar =
                ProgressBar.builder("pages").output(terminal.stream()).build()) {
            bar.update(1, 0, 1);
            bar.step();
            assertThat(bar).hasToString("ProgressBar[pages, not shown]");
        } finally {
            System.clearProperty("lox.progress");
        }
        assertThat(terminal.raw()).isEmpty();
    }

    @Test
    void shouldPrintLinesIntoWhatIsNoTerminal() {
        FakeTerminal file = new FakeTerminal();
        try (ProgressBar bar =
                ProgressBar.builder("pages").output(file.stream()).build()) {
            bar.update(3, 0, 3);
        }
        assertThat(file.raw()).startsWith("pages: 3 of 3 in 0:00:0").doesNotContain("\r", "\u001b");
    }

    @Test
    void shouldReadTheWidthOfATerminal() {
        assertThat(Terminal.columns("24 120\n")).isEqualTo(120);
        assertThat(Terminal.columns("24 5\n")).isEqualTo(20);
        assertThat(Terminal.columns("0 0\n")).isEqualTo(80);
        assertThat(Terminal.columns("")).isEqualTo(80);
        int columns = Terminal.columns();
        assertThat(columns).isGreaterThanOrEqualTo(20);
        assertThat(Terminal.knownColumns()).hasValue(columns);
    }

    @Test
    void shouldFindTheSameWithAndWithoutProc() {
        assertThat(Terminal.passesTest(0)).isFalse(); // a pipe, which the process gets from the JDK
        assertThat(Terminal.passesTest(Terminal.OUT)).isEqualTo(Terminal.isTerminal(Terminal.OUT));
        assertThat(Terminal.passesTest(Terminal.ERR)).isEqualTo(Terminal.isTerminal(Terminal.ERR));
    }

    @Test
    void shouldKnowWhatAStreamCanEncode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (Runtime.version().feature() >= 18) { // before, a stream does not tell
            assertThat(Terminal.isAscii(new PrintStream(bytes, true, StandardCharsets.US_ASCII)))
                    .isTrue();
        }
        assertThat(Terminal.isAscii(new PrintStream(bytes, true, StandardCharsets.UTF_8)))
                .isEqualTo(Runtime.version().feature() < 18
                        && !Charset.defaultCharset().newEncoder().canEncode('█'));
    }
}
