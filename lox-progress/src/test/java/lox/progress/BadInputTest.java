package lox.progress;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // null on purpose
class BadInputTest {
    private final ProgressBarBuilder builder = ProgressBar.builder("pages").display(Display.QUIET);

    @Test
    void shouldNameABadLabel() {
        assertThatNullPointerException().isThrownBy(() -> ProgressBar.of(null)).withMessage("label");
        assertThatNullPointerException()
                .isThrownBy(() -> ProgressBar.builder(null))
                .withMessage("label");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgressBar.of(" "))
                .withMessage("label is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProgressBar.of("a\nb"))
                .withMessage("label has a control character");
    }

    @Test
    void shouldNameABadOption() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder.total(-5)).withMessage("total is negative: -5");
        assertThatNullPointerException().isThrownBy(() -> builder.output(null)).withMessage("output");
        assertThatNullPointerException().isThrownBy(() -> builder.display(null)).withMessage("display");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.interval(null))
                .withMessage("interval");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.interval(Duration.ZERO))
                .withMessage("interval is not above zero: PT0S");
    }

    @Test
    void shouldTakeEachOptionOnce() {
        builder.total(0).output(System.err).interval(Duration.ofSeconds(1)).keepSystemStreams();

        assertThatIllegalStateException().isThrownBy(() -> builder.total(0)).withMessage("total has been set already");
        assertThatIllegalStateException().isThrownBy(() -> builder.display(Display.BAR));
        assertThatIllegalStateException().isThrownBy(() -> builder.output(System.err));
        assertThatIllegalStateException().isThrownBy(() -> builder.interval(Duration.ofSeconds(1)));
        assertThatIllegalStateException().isThrownBy(builder::keepSystemStreams);
    }

    @Test
    void shouldNameABadUpdate() {
        ProgressBar bar = ProgressBar.builder("pages")
                .display(Display.LINES)
                .output(new FakeTerminal().stream())
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bar.update(-1, 0, 1))
                .withMessage("done is negative: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bar.part().update(0, -1, 1))
                .withMessage("failed is negative: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bar.update(0, 0, -1))
                .withMessage("total is negative: -1");
        bar.close();
    }
}
