package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LeftLinesTest {
    private final PrintStream one = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    private final PrintStream two = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    private final LeftLines left = new LeftLines();

    private void add(PrintStream target, String line) {
        left.add(target, line.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void shouldGiveEverythingInOrderOnce() {
        assertThat(left.isEmpty()).isTrue();
        add(one, "a\n");
        add(two, "b\n");
        add(one, "c\n");
        assertThat(left.isEmpty()).isFalse();

        assertThat(left.take()).extracting(lines -> text(lines.bytes())).containsExactly("a\n", "b\n", "c\n");
        assertThat(left.isEmpty()).isTrue();
        assertThat(left.take()).isEmpty();
    }

    @Test
    void shouldGiveWhatIsForOneTarget() {
        add(one, "a\n");
        add(two, "b\n");
        add(one, "c\n");

        assertThat(text(left.take(one))).isEqualTo("a\nc\n");
        assertThat(left.take(one)).isEmpty();
        assertThat(left.take()).extracting(LeftLines.Lines::target).containsExactly(two);
    }

    @Test
    void shouldBeFullUntilEnoughIsTaken() {
        left.add(one, new byte[LeftLines.FULL - 1]);
        assertThat(left.isFull()).isFalse();
        add(two, "b\n");
        assertThat(left.isFull()).isTrue();
        left.take(two);
        assertThat(left.isFull()).isFalse();
        left.add(two, new byte[LeftLines.FULL]);
        left.take();
        assertThat(left.isFull()).isFalse();
    }
}
