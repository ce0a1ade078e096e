package lox.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void shouldReadHostsAndPorts() {
        assertThat(Endpoint.parse("10.0.0.5:7800", -1)).isEqualTo(new Endpoint("10.0.0.5", 7800));
        assertThat(Endpoint.parse(" a.example:1 ", -1)).isEqualTo(new Endpoint("a.example", 1));
        assertThat(Endpoint.parse("[::1]:7800", -1)).isEqualTo(new Endpoint("::1", 7800));
        assertThat(Endpoint.parse("[fe80::1]", 9)).isEqualTo(new Endpoint("fe80::1", 9));
        assertThat(Endpoint.parse("::1", 9)).isEqualTo(new Endpoint("::1", 9));
        assertThat(Endpoint.parse("host", 9)).isEqualTo(new Endpoint("host", 9));
        assertThat(Endpoint.parseAll("a:1,b:2")).containsExactly(new Endpoint("a", 1), new Endpoint("b", 2));
        assertThat(new Endpoint("::1", 2)).hasToString("[::1]:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":7800", "host", "host:", "host:x", "host:-1", "host:65536", "a:1,,b:2", "a:1,"})
    void shouldNameWhatIsNone(String text) {
        assertThatThrownBy(() -> Endpoint.parseAll(text))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("is no host:port");
    }
}
