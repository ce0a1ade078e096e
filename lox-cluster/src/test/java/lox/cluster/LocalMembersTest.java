package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LocalMembersTest {
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void shouldWaitForNoMemberForEver() throws Exception {
        Process silent = new ProcessBuilder("sleep", "100000").start();
        try {
            assertThatThrownBy(() -> LocalMembers.awaitReady(silent, TimeUnit.MILLISECONDS.toNanos(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it was not ready within");
            assertThat(silent.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            silent.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void shouldSayThatAMemberHasEnded() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        assertThatThrownBy(() -> LocalMembers.awaitReady(ended, TimeUnit.SECONDS.toNanos(Patience.SECONDS)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it has ended before it was ready");
    }
}
