package lox.examples;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class PlaceholderTest {
    @Test
    void shouldRunTheTour() {
        assertThatCode(() -> Tour.main(new String[0])).doesNotThrowAnyException();
    }
}
