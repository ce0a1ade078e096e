package lox.sync.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebugSwitchTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "t", "yes", "y", "on", "TRUE", "Yes", " 1 "})
    void shouldBeOn(String value) {
        assertThat(DebugSwitch.isOn(null, value)).isTrue();
        assertThat(DebugSwitch.isOn(value, null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "f", "no", "n", "off", "2", "debug"})
    void shouldBeOff(String value) {
        assertThat(DebugSwitch.isOn(null, value)).isFalse();
        assertThat(DebugSwitch.isOn(value, null)).isFalse();
        assertThat(DebugSwitch.isOn(value, "true")).as("the property decides").isFalse();
    }

    @Test
    void shouldBeOnForAPropertyWithoutAValueAndNotForAnEmptyVariable() {
        assertThat(DebugSwitch.isOn("", null)).isTrue();
        assertThat(DebugSwitch.isOn(null, "")).isFalse();
        assertThat(DebugSwitch.isOn(null, null)).isFalse();
    }
}
