package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A terminal that was stopped, or a pipe that nobody reads, holds up no other bar and occupies one thread. */
class BlockedOutputTest {
    private final FakeTerminal terminal = new FakeTerminal();
    private final CountDownLatch isBlocked = new CountDownLatch(1);
    private final CountDownLatch resumed = new CountDownLatch(1);
    private final PrintStream blocked = new PrintStream(
            new OutputStream() {
                @Override
                public void write(int b) {
                    isBlocked.countDown();
                    await(resumed);
                    terminal.write(b);
                }
            },
            true,
            StandardCharsets.UTF_8);

    @AfterEach
    void resume() {
        resumed.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ProgressBar begun(String label, PrintStream out) {
        ProgressBar bar =
                ProgressBar.builder(label).display(Display.BAR).output(out).build();
        bar.update(1, 0, 4);
        return bar;
    }

    @Test
    void shouldNotDelayBarsOnOtherOutputs() {
        ProgressBar one = begun("one", blocked);
        await(isBlocked);
        FakeTerminal free = new FakeTerminal();
        ProgressBar two = begun("two", free.stream());

        Patience.until("the other bar", () -> free.raw().contains("1/4"));
        two.update(2, 0, 4);
        Patience.until("the other bar again", () -> free.raw().contains("2/4"));
        two.close();
        assertThat(terminal.raw()).isEmpty();
        resumed.countDown();
        one.close();
    }

    @Test
    void shouldOccupyOneThread() {
        ProgressBar shown = begun("shown", blocked);
        await(isBlocked);
        for (String label : new String[] {"one", "two"}) {
            begun(label, blocked).close();
        }
        shown.close();
        assertThat(Thread.getAllStackTraces().values())
                .filteredOn(frames -> Arrays.stream(frames)
                        .anyMatch(frame -> frame.getClassName().equals(Drawing.class.getName())))
                .hasSize(1);

        resumed.countDown();
        Patience.until("the ends", () -> terminal.raw().split("\n\u001b\\[J", -1).length == 4);
        assertThat(terminal.rows().get(0)).startsWith("one  25%");
        assertThat(terminal.rows().get(1)).startsWith("two  25%");
        assertThat(terminal.rows().get(2)).startsWith("shown  25%");
    }
}
