package lox.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesAndTimesTest {
    @Test
    void shouldOrderNumbersInNamesByTheirValue() {
        Stream<String> names =
                Stream.of("w-10-2", "w-9-10", "v", "w-9", "w-007", "w-7", "w", "w-99999999999999999999", "w-x");
        assertThat(names.sorted(NameOrder.INSTANCE))
                .containsExactly("v", "w", "w-007", "w-7", "w-9", "w-9-10", "w-10-2", "w-99999999999999999999", "w-x");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.00 µs",
        "9994, 9.99 µs",
        "9996, 10.0 µs",
        "99960, 100 µs",
        "999499, 999 µs",
        "999500, 1.00 ms",
        "1234567890, 1.23 s",
        "7200000000000, '7,200 s'"
    })
    void shouldWriteTimesWithThreeDigits(long nanos, String text) {
        assertThat(Summary.time(nanos)).isEqualTo(text);
    }
}
