package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlainLinesTest {
    private final AtomicLong clock = new AtomicLong(-1_000_000_000_000L);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, false, StandardCharsets.UTF_8);

    private PlainLines lines(Counts counts) {
        return new PlainLines("pages", counts, out, Duration.ofSeconds(5), clock::get);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void shouldHaveALineAtMostEveryFewSeconds() {
        Counts counts = new Counts(Figures.UNKNOWN, clock::get);
        PlainLines lines = lines(counts);
        counts.add(0, 0, 1_000);
        assertThat(lines.text()).isEmpty();

        counts.add(100, 2, 0);
        pass(Duration.ofMillis(4_999));
        assertThat(lines.text()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(lines.text()).isEqualTo("pages: 100 of 1000, 10 %, 20.0/s, 0:00:45 left, 2 failed");
        counts.add(100, 0, 0);
        assertThat(lines.text()).isEmpty();
        pass(Duration.ofSeconds(5));
        assertThat(lines.text()).isEqualTo("pages: 200 of 1000, 20 %, 20.0/s, 0:00:40 left, 2 failed");
    }

    @Test
    void shouldBeSilentWhileNothingEnds() {
        Counts counts = new Counts(10, clock::get);
        PlainLines lines = lines(counts);
        counts.add(1, 0, 0);
        pass(Duration.ofHours(2));
        assertThat(lines.text()).isEqualTo("pages: 1 of 10, 10 %, 0.5/h, 18:00:00 left");
        pass(Duration.ofHours(2));
        assertThat(lines.text()).isEmpty();
    }

    @Test
    void shouldCountWithoutATotal() {
        Counts counts = new Counts(Figures.UNKNOWN, clock::get);
        PlainLines lines = lines(counts);
        counts.add(5, 0, 0);
        pass(Duration.ofSeconds(10));
        assertThat(lines.text()).isEqualTo("pages: 5, 30.0/min");
        assertThat(lines.last()).isEqualTo("pages: 5 in 0:00:10, 30.0/min");
    }

    @Test
    void shouldSayAtTheEndHowLongItTookAndWhetherItWasAll() {
        Counts counts = new Counts(Figures.UNKNOWN, clock::get);
        PlainLines lines = lines(counts);
        counts.add(300, 1, 400);
        pass(Duration.ofSeconds(1));
        assertThat(lines.last()).isEqualTo("pages: 300 of 400 in 0:00:01, 300/s, 1 failed, ended early");
        counts.add(100, 0, 0);
        lines.end(null);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("pages: 400 of 400 in 0:00:01, 400/s, 1 failed");
    }

    @Test
    void shouldLeaveOutTheRateWhereNothingHasEnded() {
        PlainLines none = lines(new Counts(Figures.UNKNOWN, clock::get));
        assertThat(none.last()).isEqualTo("pages: 0 in 0:00:00");

        Counts counts = new Counts(Figures.UNKNOWN, clock::get);
        counts.add(0, 0, 20);
        PlainLines lines = lines(counts);
        pass(Duration.ofSeconds(5));
        assertThat(lines.text()).isEqualTo("pages: 0 of 20, 0 %");
        assertThat(lines.last()).isEqualTo("pages: 0 of 20 in 0:00:05, ended early");
    }

    @Test
    void shouldRaiseATotalThatIsExceeded() {
        Counts counts = new Counts(5, clock::get);
        PlainLines lines = lines(counts);
        counts.add(5, 0, 0);
        pass(Duration.ofSeconds(5));
        assertThat(lines.text()).isEqualTo("pages: 5 of 5, 100 %, 1.0/s, 0:00:00 left");
        counts.add(5, 0, 0);
        pass(Duration.ofSeconds(5));
        assertThat(lines.text()).isEqualTo("pages: 10 of 10, 100 %, 1.0/s, 0:00:00 left");
        assertThat(lines.last()).isEqualTo("pages: 10 of 10 in 0:00:10, 1.0/s");
    }

    @Test
    void shouldNoticeAnOutputThatIsClosed() {
        PlainLines lines = lines(new Counts(1, clock::get));
        out.close();

        assertThatThrownBy(() -> lines.end(null)).hasRootCauseMessage("the output is closed or full");
    }

    @Test
    void shouldSayNothingOfTheRateBeforeAnythingHasEnded() {
        Figures figures = new Figures(0, 0, 10, 5);

        assertThat(figures.rate()).isEqualTo("?/s");
        assertThat(figures.remaining()).isEmpty();
    }
}
