package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lox.sync.Lox;
import lox.sync.Scatter;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What is wrong with the output of a bar is told once, and is nothing to the gather. */
class FailingOutputTest {
    private final Scatter<Integer, Integer> function = Lox.thread(2, i -> i);

    private void scatter() {
        IntStream.range(0, 1_000).forEach(function::scatter);
    }

    private static ProgressBar bar(Display display, PrintStream out) {
        return ProgressBar.builder("pages").display(display).output(out).build();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"BAR", "LINES"})
    void shouldGatherThoughTheOutputIsClosed(Display display) {
        PrintStream out = new FakeTerminal().stream();
        out.close();
        try (Warnings warnings = new Warnings()) {
            scatter();
            assertThat(function.gather(bar(display, out))).hasSize(1_000);

            assertThat(warnings.messages())
                    .containsExactly("the progress of \"pages\" is not shown any more: its output failed");
            assertThat(warnings.reasons())
                    .singleElement()
                    .satisfies(reason -> assertThat(reason).hasRootCauseMessage("the output is closed or full"));
        }
    }

    @Test
    void shouldTellItOnceThoughTheBarIsUsedAgain() {
        PrintStream out = new FakeTerminal().stream();
        out.close();
        ProgressBar bar = bar(Display.LINES, out);
        try (Warnings warnings = new Warnings()) {
            for (int i = 0; i < 3; i++) {
                scatter();
                assertThat(function.gather(bar)).hasSize(1_000);
            }
            assertThat(warnings.messages()).hasSize(1);

            scatter();
            function.gather(bar(Display.LINES, out));
            assertThat(warnings.messages()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"BAR", "LINES"})
    void shouldGatherThoughTheOutputThrows(Display display) {
        AtomicInteger calls = new AtomicInteger();
        PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void print(String text) {
                calls.incrementAndGet();
                throw new UnsupportedOperationException("no printing");
            }

            @Override
            public void println(String text) {
                print(text);
            }
        };
        try (Warnings warnings = new Warnings()) {
            ProgressBar bar = bar(display, out);
            bar.update(1, 0, 2);
            bar.update(2, 0, 2);
            bar.close();

            assertThat(warnings.reasons())
                    .singleElement()
                    .satisfies(reason -> assertThat(reason).hasMessage("no printing"));
            assertThat(calls).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"BAR", "LINES"})
    void shouldGatherThoughTheOutputBlocks(Display display) throws Exception {
        CountDownLatch resumed = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        FakeTerminal terminal = new FakeTerminal();
        PrintStream out = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        blocked.countDown();
                        try {
                            resumed.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        terminal.write(b);
                    }
                },
                true,
                StandardCharsets.UTF_8);
        try {
            scatter();
            assertThat(function.gather(bar(display, out))).hasSize(1_000);
            assertThat(blocked.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(terminal.raw()).isEmpty();
        } finally {
            resumed.countDown();
        }
        Patience.until("the end is drawn", () -> terminal.raw().contains("1000"));
    }
}
