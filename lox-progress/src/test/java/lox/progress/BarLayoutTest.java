package lox.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarLayoutTest {
    private final AtomicLong clock = new AtomicLong();

    private Counts counts(long done, long failed, long total, long nanos) {
        Counts counts = new Counts(Figures.UNKNOWN, clock::get);
        counts.add(done, failed, total);
        clock.addAndGet(nanos);
        return counts;
    }

    private static BarLayout layout(String label, Counts counts, int columns) {
        return new BarLayout(label, counts, columns, false);
    }

    /** The library reads a clock of its own, which a slow machine may let go on. */
    private static String withoutTime(String row) {
        return row.replaceFirst("\\(0:00:\\d\\d / ", "(0:00:00 / ");
    }

    @ParameterizedTest
    @CsvSource({
        "pages, 80, 1, 0, 1000000",
        "pages, 80, 200000, 0, 8000000",
        "pages, 120, 200000, 17, 999999999",
        "a long label with [brackets] and 100%, 160, 3000000000000, 2999999999999, 123456789",
        "x, 80, 1000, 1, 7",
        "exactly one block, 70, 12345, 0, 1000000",
    })
    void shouldLayOutAShortRunAsTheLibraryDoes(String label, int columns, long done, long failed, long nanos) {
        Counts counts = counts(done, failed, done, nanos);
        for (boolean isAscii : new boolean[] {false, true}) {
            BarLayout layout = new BarLayout(label, counts, columns, isAscii);
            assertThat(layout.textOfShortRun())
                    .isEqualTo(withoutTime(layout.text()))
                    .hasSize(columns - 1);
        }
    }

    @Test
    void shouldLeaveOtherRunsToTheLibrary() {
        long second = TimeUnit.SECONDS.toNanos(1);
        assertThat(layout("pages", counts(2, 0, 3, 1_000), 80).textOfShortRun()).isNull();
        assertThat(layout("pages", counts(0, 0, 0, 1_000), 80).textOfShortRun()).isNull();
        assertThat(layout("pages", counts(3, 0, 0, 1_000), 80).textOfShortRun()).isNull();
        assertThat(layout("pages", counts(3, 0, 3, second), 80).textOfShortRun())
                .isNull();
        assertThat(layout("Bücher", counts(3, 0, 3, 1_000), 80).textOfShortRun())
                .isNull();
        assertThat(layout("pages", counts(3, 0, 3, 1_000), 45).textOfShortRun()).isNull();
    }

    @Test
    void shouldShowTheTimeFromTheBeginning() {
        BarLayout layout = layout("pages", counts(1, 0, 3, TimeUnit.MINUTES.toNanos(61)), 80);
        assertThat(layout.text()).contains(" (1:01:0");
    }
}
