package lox.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lox.test.Patience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalMembersTest {
    @ParameterizedTest
    @EnumSource
    void shouldLeaveNothingBehind(LocalProgram.End end, @TempDir Path directory) throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        List<Long> members = LocalProgram.run(end, temporary, Patience.SECONDS);
        assertThat(members).hasSize(2);
        Patience.until("the members have ended", () -> members.stream().noneMatch(Signals::isAlive));
        assertThat(temporary).isEmptyDirectory();
    }

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
