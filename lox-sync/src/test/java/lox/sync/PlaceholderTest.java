package lox.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlaceholderTest {
    @Test
    void shouldSeeTheEngine() throws ClassNotFoundException {
        assertThat(Class.forName("lox.sync.engine.package-info")).isNotNull();
    }
}
