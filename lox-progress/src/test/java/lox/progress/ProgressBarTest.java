package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintStream;
import java.lang.Thread.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lox.sync.GatherOptions;
import lox.sync.Lox;
import lox.sync.Outcome;
import lox.sync.Progress;
import lox.sync.Scatter;
import lox.test.Patience;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final FakeTerminal terminal = new FakeTerminal();
    private final Scatter<Integer, Integer> function = Lox.thread(2, i -> 12 / (i % 4));

    private ProgressBarBuilder bar(Display display) {
        return ProgressBar.builder("pages").display(display).output(terminal.stream());
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    // ---- one gather ------------------------------------------------------------------------------------------------

    @Test
    void shouldEndWithItsGather() {
        numbers(1, 4).forEach(function::scatter);
        assertThat(function.gather(bar(Display.BAR).build())).hasSize(3);

        assertThat(terminal.rows()).singleElement().asString().matches("pages 100% .*3/3 \\(0:00:.*/s");
        assertThat(terminal.raw()).endsWith("\n\u001b[J");
    }

    @Test
    void shouldCountFailures() {
        numbers(0, 100).forEach(function::scatter);
        function.gatherSettled(bar(Display.LINES).build());

        assertThat(terminal.rows())
                .singleElement()
                .asString()
                .startsWith("pages: 100 of 100 in ")
                .endsWith(", 25 failed");
    }

    @Test
    void shouldEndWithAGatherThatFails() {
        Scatter<Integer, Integer> failing = Lox.thread(1, i -> {
            Patience.until("the bar", () -> terminal.raw().contains("0/1"));
            throw new IllegalStateException("no");
        });
        failing.scatter(0);
        assertThatThrownBy(() -> failing.gather(bar(Display.BAR).build())).hasMessage("no");

        // before the failure arrives, or immediately afterwards
        Patience.until("the bar's end", () -> terminal.raw().endsWith("\n\u001b[J"));
        assertThat(terminal.rows()).singleElement().asString().contains(" 0/1 ");
    }

    @Test
    void shouldEndWithAGatherThatIsCancelled() {
        CountDownLatch never = new CountDownLatch(1);
        Scatter<Integer, Integer> stuck = Lox.thread(1, i -> {
            never.await();
            return i;
        });
        numbers(0, 3).forEach(stuck::scatter);
        ProgressBar bar = bar(Display.BAR).build();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> stuck.gather(bar)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();

        Patience.until("the bar's end", () -> terminal.raw().endsWith("\n\u001b[J"));
        assertThat(terminal.rows()).singleElement().asString().contains("0% ", "0/3");
        assertThat(bar).hasToString("ProgressBar[pages, not shown]");
    }

    @Test
    void shouldEndWithAGatherThatIsOutOfTime() {
        CountDownLatch never = new CountDownLatch(1);
        Scatter<Integer, Integer> stuck = Lox.thread(1, i -> {
            never.await();
            return i;
        });
        numbers(0, 3).forEach(stuck::scatter);
        List<Outcome<Integer>> outcomes = stuck.gatherSettled(
                GatherOptions.create().progress(bar(Display.LINES).build()).timeout(Duration.ofMillis(1)));

        assertThat(outcomes).hasSize(3);
        Patience.until("the last line", () -> terminal.rows().size() == 1);
        assertThat(terminal.rows().get(0)).startsWith("pages: 0 of 3 in ").endsWith(", ended early");
    }

    @Test
    void shouldBeShownAnewForTheNextGather() {
        ProgressBar bar = bar(Display.LINES).build();
        function.gather(numbers(1, 4), GatherOptions.create().progress(bar));
        function.gather(numbers(5, 7), GatherOptions.create().progress(bar));
        bar.close();
        function.gather(numbers(5, 7), GatherOptions.create().progress(bar));

        assertThat(terminal.rows()).hasSize(2);
        assertThat(terminal.rows().get(0)).startsWith("pages: 3 of 3");
        assertThat(terminal.rows().get(1)).startsWith("pages: 2 of 2");
        assertThat(bar).hasToString("ProgressBar[pages, closed]");
    }

    @Test
    void shouldShowAnEmptyGather() {
        assertThat(function.gather(bar(Display.LINES).build())).isEmpty();

        assertThat(terminal.rows()).singleElement().asString().startsWith("pages: 0 in 0:00:0");
    }

    // ---- several gathers -------------------------------------------------------------------------------------------

    @Test
    void shouldCountSeveralGathersTogether() {
        try (ProgressBar bar = bar(Display.LINES).build()) {
            for (int batch = 0; batch < 3; batch++) {
                function.gather(numbers(1, 4), GatherOptions.create().progress(bar.part()));
            }
            assertThat(terminal.raw()).isEmpty();
        }
        assertThat(terminal.rows()).singleElement().asString().startsWith("pages: 9 of 9 in ");
    }

    @Test
    void shouldTakeTheTotalThatItWasGiven() {
        try (ProgressBar bar = bar(Display.LINES).total(10).build()) {
            function.gather(numbers(1, 4), GatherOptions.create().progress(bar.part()));
        }
        assertThat(terminal.rows()).singleElement().asString().matches("pages: 3 of 10 in .*, ended early");
    }

    @Test
    void shouldCountAGatherThatIsRepeatedOnce() {
        try (ProgressBar bar = bar(Display.LINES).build()) {
            Progress part = bar.part();
            part.update(2, 1, 4);
            part.ended();
            part.update(0, 0, 4);
            part.update(4, 0, 4);
            part.ended();
        }
        assertThat(terminal.rows()).singleElement().asString().matches("pages: 4 of 4 in [^,]*, [^,]*");
    }

    @Test
    void shouldDrawTwoBarsAtOnce() {
        PrintStream out = terminal.stream();
        ProgressBar one =
                ProgressBar.builder("one").display(Display.BAR).output(out).build();
        ProgressBar two =
                ProgressBar.builder("two").display(Display.BAR).output(out).build();
        one.update(1, 0, 4);
        Patience.until("the first bar", () -> terminal.rows().toString().contains("1/4"));
        two.update(1, 0, 2);
        Patience.until("the second bar", () -> terminal.rows().toString().contains("1/2"));
        one.update(3, 0, 4);
        Patience.until("the first bar again", () -> terminal.rows().toString().contains("3/4"));
        assertThat(terminal.rows()).hasSize(2);
        assertThat(terminal.rows().get(0)).startsWith("one  75% ");
        assertThat(terminal.rows().get(1)).startsWith("two  50% ");

        two.close();
        one.close();
        assertThat(terminal.rows()).hasSize(2);
        assertThat(terminal.rows().get(0)).startsWith("two  50% ");
        assertThat(terminal.rows().get(1)).startsWith("one  75% ");
    }

    // ---- streams and loops -----------------------------------------------------------------------------------------

    @Test
    void shouldCountAStreamOfUnknownLength() {
        try (ProgressBar bar = bar(Display.BAR).build();
                Stream<Integer> rows = function.map(Stream.iterate(1, i -> i + 4))) {
            rows.peek(bar::step).limit(1_000).forEach(i -> {});
        }
        assertThat(terminal.rows()).singleElement().asString().contains(" ? % ", "1000/?");
    }

    @Test
    void shouldCountFailedOutcomesOfAStream() {
        try (ProgressBar bar = bar(Display.LINES).build();
                Stream<Outcome<Integer>> rows = function.mapSettled(numbers(0, 40).stream())) {
            rows.peek(bar::step).forEach(i -> {});
            bar.step();
        }
        assertThat(terminal.rows())
                .singleElement()
                .asString()
                .startsWith("pages: 41 in ")
                .endsWith(", 10 failed");
    }

    @Test
    void shouldLoseNoneOfManyUpdatesFromSeveralThreads() {
        try (ProgressBar bar = bar(Display.BAR).build()) {
            Scatter<Integer, Integer> steps = Lox.thread(4, i -> {
                bar.step();
                return i;
            });
            numbers(0, 10_000).forEach(steps::scatter);
            steps.gather(bar.part());
        }
        assertThat(terminal.rows()).singleElement().asString().contains("20000/20000");
    }

    @Test
    void shouldShowNothingWithoutAnUpdate() {
        bar(Display.BAR).build().close();

        assertThat(terminal.raw()).isEmpty();
    }

    @Test
    void shouldEndEvenIfItHadNotBeenDrawn() {
        for (int i = 1; i <= 50; i++) { // faster than the first drawing, some of them
            ProgressBar bar = bar(Display.BAR).build();
            bar.step();
            bar.close();
        }
        assertThat(terminal.rows()).hasSize(50).allMatch(row -> row.contains("1/?"));
    }

    @Test
    void shouldKeepNoJvmAlive() {
        ProgressBar bar = bar(Display.BAR).build();
        bar.step();
        Patience.until("the bar", () -> !terminal.raw().isEmpty());

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("ProgressBar"))
                .isNotEmpty()
                .allMatch(Thread::isDaemon)
                .allMatch(thread -> thread.getContextClassLoader() == ProgressBar.class.getClassLoader());
        bar.close();
    }

    @Test
    void shouldWaitForItsEndEvenInAnInterruptedThread() {
        Thread closing = Thread.currentThread();
        AtomicBoolean isClosed = new AtomicBoolean();
        PrintStream out = new PrintStream(terminal, true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                Patience.until("it waits", () -> isClosed.get() || closing.getState() == State.TIMED_WAITING);
                super.println(line);
            }
        };
        ProgressBar bar =
                ProgressBar.builder("pages").display(Display.LINES).output(out).build();
        bar.step();
        Thread.currentThread().interrupt();
        bar.close();
        int lines = terminal.rows().size();
        isClosed.set(true);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(lines).isOne();
    }
}
