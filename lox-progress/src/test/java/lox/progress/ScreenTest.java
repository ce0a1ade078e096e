package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final FakeTerminal terminal = new FakeTerminal();
    private final PrintStream out = terminal.stream();
    private final Screen screen = Screen.of(out);

    @Test
    void shouldDrawARowOverItself() {
        screen.draw("a", "a, a long row");
        screen.draw("a", "a short");

        assertThat(terminal.rows()).containsExactly("a short");
    }

    @Test
    void shouldKeepRowsBelowOneAnother() {
        screen.draw("a", "a 1");
        screen.draw("b", "b 1");
        screen.draw("c", "c 1");
        screen.draw("a", "a 2");
        screen.draw("b", "b 2");

        assertThat(terminal.rows()).containsExactly("a 2", "b 2", "c 1");
    }

    @Test
    void shouldLeaveAFinishedRowAboveTheOthers() {
        screen.draw("a", "a");
        screen.draw("b", "b 1");
        screen.finish("b", "b 2");
        screen.draw("a", "a 2");
        assertThat(terminal.rows()).containsExactly("b 2", "a 2");

        screen.finish("a", "a 3");
        out.print("after");
        assertThat(terminal.rows()).containsExactly("b 2", "a 3", "after");
        assertThat(screen.isInUse()).isFalse();
    }

    @Test
    void shouldFinishARowThatWasNeverDrawn() {
        screen.draw("a", "a");
        screen.finish("b", "b");

        assertThat(terminal.rows()).containsExactly("b", "a");
    }

    @Test
    void shouldPrintLinesAboveTheRows() {
        PrintStream other = terminal.stream();
        above(other, "one\n");
        screen.draw("a", "a, a long row");
        screen.draw("b", "b");
        above(other, "two\nthree\n");
        above(out, "four\n");
        screen.draw("b", "b 2");

        assertThat(terminal.rows()).containsExactly("one", "two", "three", "four", "a, a long row", "b 2");
    }

    private void above(PrintStream target, String lines) {
        screen.above(target, lines.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldWrapNoRow() {
        screen.draw("a", "a");

        assertThat(terminal.raw()).isEqualTo("\r\u001b[?7la\u001b[K\u001b[?7h");
    }

    @Test
    void shouldForgetARowWithoutDrawing() {
        screen.draw("a", "a");
        int written = terminal.raw().length();
        screen.remove("a");

        assertThat(terminal.raw()).hasSize(written);
        assertThat(screen.isInUse()).isFalse();
    }

    @Test
    void shouldGiveTheNextOutputALineOfItsOwnWhenTheProgramEnds() {
        screen.draw("a", "a");
        screen.leave();
        out.print("$ ");

        assertThat(terminal.rows()).containsExactly("a", "$");
    }

    @Test
    void shouldBeOneForEachOutput() {
        assertThat(Screen.of(out)).isSameAs(screen);
        assertThat(Screen.of(terminal.stream())).isNotSameAs(screen);
    }
}
